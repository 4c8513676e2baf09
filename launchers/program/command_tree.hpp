#pragma once

#include <CLI/App.hpp>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::launchers {

/// What a command does; answers its exit status.
using Action = std::function<int()>;

/// What may stand for an argument, asked for by the shell's completion.
using Candidates = std::function<std::vector<std::string>()>;

/// The command line of hpogrid: commands, what they do, and what completes their arguments.
class CommandTree {
  public:
    /// `examples`, here and below: lines that follow "Examples:" in the help.
    CommandTree(std::string program, std::string description, const std::string& examples);

    /// Commands below `parent` that belong together.
    CLI::App& add_group(CLI::App& parent, const std::string& name, const std::string& summary,
                        const std::string& examples);
    /// A command below `parent`.
    CLI::App& add_command(CLI::App& parent, const std::string& name, const std::string& summary,
                          const std::string& examples, Action action);
    /// What the program itself does where it has no commands.
    void act(Action action) { actions_[&root_] = std::move(action); }
    CLI::App& root() noexcept { return root_; }
    /// What completes an option or argument.
    void complete(const CLI::Option* option, Candidates candidates) { candidates_[option] = std::move(candidates); }
    /// Whether an empty text means something. Of any other option it is refused: it is what a shell makes of a variable
    /// that is not set.
    void may_be_empty(const CLI::Option* option) { may_be_empty_.insert(option); }
    /// The command hands what follows "--" to another program.
    void hands_through(const CLI::App& command, std::vector<std::string>& arguments) {
        through_[&command] = &arguments;
    }

    /// Parses and acts; answers the exit status. Errors become one line on standard error.
    [[nodiscard]] int run(int argument_count, const char* const* arguments);

    /// What may follow these words of a command line, the last of which is being written.
    [[nodiscard]] std::vector<std::string> completions(const std::vector<std::string>& words) const;

  private:
    [[nodiscard]] std::vector<std::string> with_known_spelling(const std::vector<std::string>& arguments) const;
    int parse_and_act(std::vector<std::string> arguments);
    void check_values(const CLI::App& command) const;

    CLI::App root_;
    std::string program_;
    std::map<const CLI::App*, Action> actions_;
    std::map<const CLI::Option*, Candidates> candidates_;
    std::set<const CLI::Option*> may_be_empty_;
    std::map<const CLI::App*, std::vector<std::string>*> through_;
};

}  // namespace hpogrid::launchers
