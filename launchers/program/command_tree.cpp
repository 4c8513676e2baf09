#include "launchers/program/command_tree.hpp"

#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"
#include "engine/core/version.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <optional>

namespace hpogrid::launchers {
namespace {

std::string normal(std::string_view name) {
    std::string text{name};
    std::ranges::replace(text, '-', '_');
    return text;
}

std::string one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    return text;
}

void collect_names(const CLI::App& app, std::map<std::string, std::string>& names) {
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.emplace(normal(name), name);
        }
    }
    for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
        collect_names(*child, names);
    }
}

std::vector<std::string> option_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

std::vector<std::string> command_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(child->get_name());
    }
    return names;
}

std::string whole_name(const CLI::App& app) {
    return (app.get_parent() != nullptr ? whole_name(*app.get_parent()) + " " : "") + app.get_name();
}

/// What is wrong with arguments that no option or command wanted.
std::string unexpected(const CLI::App& app, const std::vector<std::string>& rest) {
    const std::vector<std::string> options = option_names(app);
    const std::vector<std::string> commands = command_names(app);
    const auto known = [](const std::vector<std::string>& names) {
        return std::vector<std::string_view>{names.begin(), names.end()};
    };
    for (const std::string& argument : rest) {
        if (argument.starts_with('-')) {
            return fmt::format("unknown option {}{}, allowed: {}", argument,
                               did_you_mean(argument.substr(0, argument.find('=')), known(options)),
                               join_names(known(options)));
        }
    }
    if (!commands.empty()) {
        return fmt::format("unknown command '{}'{}, allowed: {}", rest.front(),
                           did_you_mean(rest.front(), known(commands)), join_names(known(commands)));
    }
    return fmt::format("unexpected argument '{}'", rest.front());
}

/// The command that was named last.
CLI::App& chosen(CLI::App& app) {
    const auto children = app.get_subcommands();
    return children.empty() ? app : chosen(*children.front());
}

const CLI::Option* find_option(const CLI::App& app, std::string_view word) {
    const std::string_view name = word.substr(0, word.find('='));
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& known : option->get_lnames()) {
            if (name.starts_with("--") && normal(name.substr(2)) == normal(known)) {
                return option;
            }
        }
        for (const std::string& known : option->get_snames()) {
            if (name == "-" + known) {
                return option;
            }
        }
    }
    return nullptr;
}

const CLI::Option* positional(const CLI::App& app, std::size_t index) {
    const auto all = app.get_options([](const CLI::Option* option) { return option->get_positional(); });
    return index < all.size() ? all[index] : nullptr;
}

}  // namespace

CommandTree::CommandTree(std::string program, std::string description)
    : root_{std::move(description), program}, program_{std::move(program)} {
    root_.set_version_flag("--version", fmt::format("{} {}", program_, version));
    root_.get_formatter()->column_width(34);
    root_.allow_extras();
}

CLI::App& CommandTree::add_group(CLI::App& parent, const std::string& name, const std::string& summary) {
    CLI::App& app = *parent.add_subcommand(name, summary);
    app.allow_extras();
    return app;
}

CLI::App& CommandTree::add_command(CLI::App& parent, const std::string& name, const std::string& summary,
                                   const std::string& examples, Action action) {
    CLI::App& app = add_group(parent, name, summary);
    app.footer(examples.empty() ? "" : "\nExamples:\n" + examples);
    actions_[&app] = std::move(action);
    return app;
}

/// Names of options may be written with '-' or '_'.
std::vector<std::string> CommandTree::with_known_spelling(std::vector<std::string> arguments) const {
    std::map<std::string, std::string> names;
    collect_names(root_, names);
    for (std::string& argument : arguments) {
        if (!argument.starts_with("--")) {
            continue;
        }
        const std::size_t end = std::min(argument.find('='), argument.size());
        if (const auto found = names.find(normal(argument.substr(2, end - 2))); found != names.end()) {
            argument.replace(2, end - 2, found->second);
        }
    }
    return arguments;
}

int CommandTree::run(int argument_count, const char* const* arguments) {
    std::vector<std::string> words{arguments + 1, arguments + argument_count};
    if (words.size() > 1 && words[0] == "complete" && words[1] == "--") {
        for (const std::string& word : completions({words.begin() + 2, words.end()})) {
            fmt::print("{}\n", word);
        }
        return 0;
    }
    const auto complain = [&](std::string_view why, ExitStatus status) {
        fmt::print(stderr, "{}: {}\n", program_, why);
        return static_cast<int>(status);
    };
    try {
        return parse_and_act(std::move(words));
    } catch (const InputError& error) {
        return complain(error.what(), ExitStatus::bad_input);
    } catch (const OutputError& error) {
        return complain(error.what(), ExitStatus::no_results);
    }
}

int CommandTree::parse_and_act(std::vector<std::string> arguments) {
    const auto separator = std::ranges::find(arguments, "--");
    std::optional<std::vector<std::string>> through;
    if (separator != arguments.end()) {
        through.emplace(separator + 1, arguments.end());
        arguments.erase(separator, arguments.end());
    }
    arguments = with_known_spelling(std::move(arguments));
    std::ranges::reverse(arguments);
    const auto hint = [&] { return fmt::format(" (see {} --help)", whole_name(chosen(root_))); };
    try {
        root_.parse(arguments);
    } catch (const CLI::CallForHelp&) {
        fmt::print("{}", root_.help());
        return 0;
    } catch (const CLI::CallForVersion& call) {
        fmt::print("{}\n", call.what());
        return 0;
    } catch (const CLI::ParseError& error) {
        throw InputError{one_line(error.what()) + hint()};
    }
    CLI::App& command = chosen(root_);
    if (const auto rest = root_.remaining(true); !rest.empty()) {
        throw InputError{unexpected(command, rest) + hint()};
    }
    const auto action = actions_.find(&command);
    if (action == actions_.end()) {
        fmt::print("{}", command.help(command.get_parent() != nullptr ? whole_name(*command.get_parent()) : ""));
        return static_cast<int>(ExitStatus::bad_input);
    }
    if (through) {
        const auto wanted = through_.find(&command);
        if (wanted == through_.end()) {
            throw InputError{"'--' hands options to another program, which this command does not start" + hint()};
        }
        *wanted->second = std::move(*through);
    }
    return action->second();
}

std::vector<std::string> CommandTree::completions(const std::vector<std::string>& words) const {
    if (words.empty()) {
        return command_names(root_);
    }
    const CLI::App* app = &root_;
    const CLI::Option* open = nullptr;
    std::size_t positionals = 0;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const CLI::Option* option = words[i].starts_with('-') ? find_option(*app, words[i]) : nullptr;
        if (option != nullptr) {
            const bool takes_next = option->get_items_expected_max() > 0 && words[i].find('=') == std::string::npos;
            open = takes_next ? option : nullptr;
            continue;
        }
        if (open != nullptr) {
            open = open->get_items_expected_max() > 1 ? open : nullptr;
            continue;
        }
        const auto children =
            app->get_subcommands([&](const CLI::App* child) { return child->get_name() == words[i]; });
        if (!children.empty()) {
            app = children.front();
        } else {
            ++positionals;
        }
    }
    std::vector<std::string> all;
    const std::string& current = words.back();
    const auto add_candidates = [&](const CLI::Option* option) {
        if (const auto found = candidates_.find(option); found != candidates_.end()) {
            all = found->second();
        }
    };
    if (current.starts_with('-')) {
        all = option_names(*app);
    } else if (open != nullptr) {
        add_candidates(open);
    } else {
        all = command_names(*app);
        add_candidates(positional(*app, positionals));
    }
    std::erase_if(all, [&](const std::string& word) { return !word.starts_with(current); });
    return all;
}

}  // namespace hpogrid::launchers
