#include "launchers/program/command_tree.hpp"

#include "engine/config/printable.hpp"
#include "engine/console/parse_error_text.hpp"
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

struct KnownOption {
    std::string name;
    bool takes_value{false};
};

void collect_options(const CLI::App& app, std::map<std::string, KnownOption>& options) {
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            options.emplace(normal(name), KnownOption{name, option->get_items_expected_min() > 0});
        }
    }
    for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
        collect_options(*child, options);
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
            return fmt::format("unknown option {}{}, allowed: {}", config::printable(argument),
                               did_you_mean(argument.substr(0, argument.find('=')), known(options)),
                               join_names(known(options)));
        }
    }
    if (!commands.empty()) {
        return fmt::format("unknown command '{}'{}, allowed: {}", config::printable(rest.front()),
                           did_you_mean(rest.front(), known(commands)), join_names(known(commands)));
    }
    return fmt::format("unexpected argument '{}'", config::printable(rest.front()));
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

std::string footer(const std::string& examples) {
    return "Examples:\n" + examples;
}

const CLI::Option* positional(const CLI::App& app, std::size_t index) {
    const auto all = app.get_options([](const CLI::Option* option) { return option->get_positional(); });
    return index < all.size() ? all[index] : nullptr;
}

/// Where a word stands that is being written.
struct Place {
    const CLI::App* app;               ///< the command that it belongs to
    const CLI::Option* open{nullptr};  ///< the option whose value it is
    std::size_t positionals{0};        ///< arguments before it
};

/// That of the last word; nothing where a command before it is none.
std::optional<Place> place_of_last(const CLI::App& root, const std::vector<std::string>& words) {
    Place place{&root};
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const std::string& word = words[i];
        if (const CLI::Option* option = word.starts_with('-') ? find_option(*place.app, word) : nullptr) {
            const bool takes_next = option->get_items_expected_max() > 0 && word.find('=') == std::string::npos;
            place.open = takes_next ? option : nullptr;
            continue;
        }
        if (place.open != nullptr) {
            place.open = place.open->get_items_expected_max() > 1 ? place.open : nullptr;
            continue;
        }
        const auto children =
            place.app->get_subcommands([&](const CLI::App* child) { return child->get_name() == word; });
        if (!children.empty()) {
            place.app = children.front();
        } else if (!command_names(*place.app).empty()) {
            return std::nullopt;
        } else {
            ++place.positionals;
        }
    }
    return place;
}

}  // namespace

CommandTree::CommandTree(std::string program, std::string description, const std::string& examples)
    : root_{std::move(description), program}, program_{std::move(program)} {
    root_.set_version_flag("--version", fmt::format("{} {}", program_, version));
    root_.get_formatter()->column_width(34);
    root_.footer(footer(examples));
    root_.allow_extras();
}

CLI::App& CommandTree::add_group(CLI::App& parent, const std::string& name, const std::string& summary,
                                 const std::string& examples) {
    CLI::App& app = *parent.add_subcommand(name, summary);
    app.footer(footer(examples));
    app.allow_extras();
    return app;
}

CLI::App& CommandTree::add_command(CLI::App& parent, const std::string& name, const std::string& summary,
                                   const std::string& examples, Action action) {
    CLI::App& app = add_group(parent, name, summary, examples);
    actions_[&app] = std::move(action);
    return app;
}

/// Names of options may be written with '-' or '_'. An empty value becomes a word of its own: of "--name=" CLI11 would
/// make the next word, whatever it is, the value.
std::vector<std::string> CommandTree::with_known_spelling(const std::vector<std::string>& arguments) const {
    std::map<std::string, KnownOption> options;
    collect_options(root_, options);
    std::vector<std::string> words;
    for (const std::string& argument : arguments) {
        const std::size_t end = std::min(argument.find('='), argument.size());
        const auto found =
            argument.starts_with("--") ? options.find(normal(argument.substr(2, end - 2))) : options.end();
        if (found == options.end()) {
            words.push_back(argument);
        } else if (end + 1 == argument.size() && !found->second.takes_value) {
            throw InputError{fmt::format("--{}: takes no value, allowed: it, or without it", found->second.name)};
        } else if (end + 1 == argument.size()) {
            words.insert(words.end(), {"--" + found->second.name, ""});
        } else {
            words.push_back("--" + found->second.name + argument.substr(end));
        }
    }
    return words;
}

int CommandTree::run(int argument_count, const char* const* arguments) {
    std::vector<std::string> words{arguments + 1, arguments + argument_count};
    const bool has_commands = !command_names(root_).empty();
    if (has_commands && words.size() > 1 && words[0] == "complete" && words[1] == "--") {
        for (const std::string& word : completions({words.begin() + 2, words.end()})) {
            fmt::print("{}\n", word);
        }
        return 0;
    }
    const auto complain = [&](std::string_view why, ExitStatus status) {
        constexpr std::size_t longest = 5000;
        fmt::print(stderr, "{}: {}\n", program_, config::printable(why, longest));
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

void CommandTree::check_values(const CLI::App& command) const {
    for (const CLI::Option* option : command.get_options()) {
        const auto& values = option->results();
        if (!may_be_empty_.contains(option) && std::ranges::find(values, "") != values.end()) {
            throw InputError{
                fmt::format("{}: its value is empty, allowed: a value, or without it", option->get_name())};
        }
        const bool is_flag = option->get_items_expected_max() == 0 && !may_be_empty_.contains(option);
        if (is_flag && std::ranges::any_of(values, [](const std::string& value) { return value != "true"; })) {
            throw InputError{fmt::format("{}: takes no value, allowed: it, or without it", option->get_name())};
        }
    }
}

int CommandTree::parse_and_act(std::vector<std::string> arguments) {
    const auto separator = std::ranges::find(arguments, "--");
    std::optional<std::vector<std::string>> through;
    if (separator != arguments.end()) {
        through.emplace(separator + 1, arguments.end());
        arguments.erase(separator, arguments.end());
    }
    arguments = with_known_spelling(arguments);
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
        throw InputError{console::parse_error_text(error) + hint()};
    }
    CLI::App& command = chosen(root_);
    if (const auto rest = root_.remaining(true); !rest.empty()) {
        throw InputError{unexpected(command, rest) + hint()};
    }
    check_values(command);
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
    const auto place = place_of_last(root_, words);
    if (!place) {
        return {};
    }
    std::vector<std::string> all;
    const std::string& current = words.back();
    const auto add_candidates = [&](const CLI::Option* option) {
        if (const auto found = candidates_.find(option); found != candidates_.end()) {
            all = found->second();
        }
    };
    if (current.starts_with('-')) {
        all = option_names(*place->app);
    } else if (place->open != nullptr) {
        add_candidates(place->open);
    } else {
        all = command_names(*place->app);
        add_candidates(positional(*place->app, place->positionals));
    }
    std::erase_if(all, [&](const std::string& word) { return !word.starts_with(current); });
    return all;
}

}  // namespace hpogrid::launchers
