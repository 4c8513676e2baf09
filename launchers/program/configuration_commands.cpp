#include "launchers/program/configuration_commands.hpp"

#include "engine/config/json_text.hpp"
#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"
#include "launchers/configurations/edit.hpp"
#include "launchers/configurations/kind.hpp"
#include "launchers/configurations/show.hpp"
#include "launchers/configurations/store.hpp"
#include "launchers/program/store_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;

/// What the commands of one kind share.
struct Context {
    const Kind& kind;
    Store store;
    std::string name;
    std::string from;
    std::vector<std::string> unset;
    std::map<std::string, std::vector<std::string>> texts;  ///< by option

    /// The options that were given.
    [[nodiscard]] Edit edit() const {
        Edit edit{.given = {}, .unset = unset};
        for (const auto& [key, values] : texts) {
            if (!values.empty()) {
                edit.given[key] = values;
            }
        }
        return edit;
    }
    [[nodiscard]] json new_configuration() const {
        return edited(kind, from.empty() ? json::object() : config::read_json_file(from), edit());
    }
};

void say(const Context& context, std::string_view done) {
    fmt::print("{} {} '{}' ({})\n", done, context.kind.what, context.name,
               config::printable_path(context.store.path(context.name)));
}

std::string placeholder(const ConfigOption& option) {
    return option.shape == OptionShape::list ? "VALUE ..." : "VALUE";
}

std::string help_of(const ConfigOption& option, bool with_default) {
    std::string text = option.meaning;
    if (!option.allowed.empty() && option.shape != OptionShape::flag) {
        text += fmt::format(" ({})", option.allowed);
    }
    if (with_default && !option.default_text.empty()) {
        text += fmt::format(" [default {}]", option.default_text);
    }
    return text;
}

/// The words in a list like "max, min", nothing where it is no such list.
std::vector<std::string> words_in(const std::string& allowed) {
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin <= allowed.size();) {
        const std::size_t end = std::min(allowed.find(", ", begin), allowed.size());
        words.push_back(allowed.substr(begin, end - begin));
        begin = end + 2;
    }
    const bool only_words =
        std::ranges::none_of(words, [](const std::string& word) { return word.find(' ') != std::string::npos; });
    return only_words && words.size() > 1 ? words : std::vector<std::string>{};
}

void add_options(CommandTree& tree, CLI::App& app, const std::shared_ptr<Context>& context, bool with_defaults) {
    for (const ConfigOption& option : context->kind.options) {
        std::string names = "--" + option.key;
        if (option.short_name != 0) {
            names = fmt::format("-{},{}", option.short_name, names);
        }
        if (context->kind.is_one_value) {
            names += "," + option.key;
        }
        std::vector<std::string>& texts = context->texts[option.key];
        CLI::Option* added = nullptr;
        if (option.shape == OptionShape::flag) {
            added = app.add_flag(names, texts, help_of(option, with_defaults));
        } else {
            added = app.add_option(names, texts, help_of(option, with_defaults))->type_name(placeholder(option));
            constexpr int many = 1000;
            const bool optional = option.shape == OptionShape::optional_value;
            added->expected(optional ? 0 : 1, option.shape == OptionShape::list ? many : 1);
            if (optional) {
                added->default_str("true")->run_callback_for_default(false);
            }
        }
        tree.may_be_empty(added);
        if (auto words = words_in(option.allowed); !words.empty()) {
            tree.complete(added, [words] { return words; });
        }
    }
}

std::string example(const Kind& kind, std::string_view command, std::string_view rest) {
    return fmt::format("  hpogrid {} {}{}{}\n", kind.command, command, rest.empty() ? "" : " ", rest);
}

void add_writing_commands(CommandTree& tree, CLI::App& group, const std::shared_ptr<Context>& context) {
    const Kind& kind = context->kind;
    const auto name = [&](CLI::App& app, const char* what) {
        return app.add_option("name", context->name, what)->required()->type_name("NAME");
    };
    const auto existing = [context] { return context->store.list(); };

    CLI::App& create = tree.add_command(group, "create", fmt::format("Create a {}", kind.what),
                                        example(kind, "create", kind.example), [context] {
                                            context->store.create(context->name, context->new_configuration());
                                            say(*context, "Created");
                                            return 0;
                                        });
    name(create, "Name of the new configuration");
    CLI::App& recreate =
        tree.add_command(group, "recreate", fmt::format("Replace a {}; the old one goes to backup/", kind.what),
                         example(kind, "recreate", kind.example), [context] {
                             const auto backup = context->store.recreate(context->name, context->new_configuration());
                             say(*context, "Replaced");
                             fmt::print("The old one is {}\n", config::printable_path(backup));
                             return 0;
                         });
    tree.complete(name(recreate, "Name of the configuration"), existing);
    CLI::App& update = tree.add_command(
        group, "update", fmt::format("Change what is given of a {}, keep the rest", kind.what),
        example(kind, "update", kind.example), [context] {
            context->store.update(context->name,
                                  edited(context->kind, context->store.read(context->name), context->edit()));
            say(*context, "Updated");
            return 0;
        });
    tree.complete(name(update, "Name of the configuration"), existing);
    update.add_option("--unset", context->unset, "Keys that are to have their defaults again")->type_name("KEY");
    for (CLI::App* app : {&create, &recreate}) {
        app->add_option("--from", context->from, "JSON file with a configuration; options change what is in it")
            ->type_name("FILE");
    }
    add_options(tree, create, context, true);
    add_options(tree, recreate, context, true);
    add_options(tree, update, context, false);
}

}  // namespace

void add_configuration_commands(CommandTree& tree, const Workspace& workspace) {
    for (const Kind& kind : kinds()) {
        CLI::App& group =
            tree.add_group(tree.root(), std::string{kind.command}, fmt::format("Manage {}", kind.what_all),
                           example(kind, "create", kind.example) + example(kind, "list", ""));
        const auto context = std::make_shared<Context>(
            Context{kind, Store{workspace.configurations(kind.folder), kind}, {}, {}, {}, {}});
        add_writing_commands(tree, group, context);
        const Store& store = context->store;
        add_store_commands(
            tree, group,
            {.command = std::string{kind.command},
             .what = std::string{kind.what},
             .what_all = std::string{kind.what_all},
             .list = [store](const std::string& pattern) { return store.list(pattern); },
             .read = [store](const std::string& name) { return store.read(name); },
             .show = [&kind](const json& value) { return render(table_of(kind, value), terminal_width()); },
             .remove = [store](const std::string& name) { return store.remove(name); },
             .copy = [store](const std::string& from, const std::string& to) { store.create(to, store.read(from)); },
             .path = [store](const std::string& name) { return store.path(name); }});
    }
}

}  // namespace hpogrid::launchers
