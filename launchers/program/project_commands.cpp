#include "launchers/program/project_commands.hpp"

#include "engine/config/printable.hpp"
#include "launchers/configurations/kind.hpp"
#include "launchers/configurations/show.hpp"
#include "launchers/configurations/store.hpp"
#include "launchers/program/store_commands.hpp"
#include "launchers/projects/project_store.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;

struct Context {
    Workspace workspace;
    ProjectStore store;
    std::string name;
    std::string scripts_path;
    std::string from;
    std::map<std::string_view, std::string> names;  ///< of the configurations, by their kind

    [[nodiscard]] ProjectParts parts() const {
        ProjectParts parts = from.empty() ? ProjectParts{} : ProjectStore::parts_of_file(from);
        if (!scripts_path.empty()) {
            parts.scripts_path = scripts_path;
        }
        for (const Kind& kind : kinds()) {
            if (const std::string& configuration = names.at(kind.command); !configuration.empty()) {
                parts.sections[std::string{kind.command}] =
                    Store{workspace.configurations(kind.folder), kind}.read(configuration);
            }
        }
        return parts;
    }
};

char short_name(const Kind& kind) {
    // Two kinds begin with the same letter's sound: the original's later releases took o for hpo.
    return kind.command == "hpo_config" ? 'o' : kind.command.front();
}

void add_options(CommandTree& tree, CLI::App& app, const std::shared_ptr<Context>& context) {
    app.add_option("-p,--scripts_path", context->scripts_path,
                   "Folder of the training scripts, or one script; a copy goes into the project")
        ->type_name("PATH");
    for (const Kind& kind : kinds()) {
        CLI::Option* option = app.add_option(fmt::format("-{},--{}", short_name(kind), kind.command),
                                             context->names[kind.command], fmt::format("Name of a {}", kind.what))
                                  ->type_name("NAME");
        tree.complete(option, [context, &kind] {
            return Store{context->workspace.configurations(kind.folder), kind}.list();
        });
    }
}

std::string show(const json& project) {
    std::string text = fmt::format("Project {}\n", cell_text(project.at("project_name")));
    for (const Kind& kind : kinds()) {
        const auto found = project.find(kind.command);
        const json section = found == project.end() ? json::object() : *found;
        text += fmt::format("\n{}\n{}", kind.command, render(table_of(kind, section), terminal_width()));
    }
    return text;
}

void say(const Context& context, std::string_view done) {
    fmt::print("{} project '{}' ({})\n", done, context.name,
               config::printable_path(context.store.folder(context.name)));
}

void say_backup(const std::filesystem::path& backup) {
    fmt::print("What it replaced is {}\n", config::printable_path(backup));
}

Shelf shelf_of(const ProjectStore& store) {
    return {.command = "project",
            .what = "project",
            .what_all = "projects",
            .list = [store](const std::string& pattern) { return store.list(pattern); },
            .read = [store](const std::string& name) { return store.read(name); },
            .show = show,
            .remove = [store](const std::string& name) { return store.remove(name); },
            .copy = [store](const std::string& from, const std::string& to) { store.create(to, store.parts(from)); },
            .path = [store](const std::string& name) { return store.folder(name); }};
}

constexpr auto example =
    "my_project --scripts_path scripts/ --model_config my_model --search_space my_space \\\n"
    "      --hpo_config my_search --grid_config my_site\n";

}  // namespace

void add_project_commands(CommandTree& tree, const Workspace& workspace) {
    CLI::App& group =
        tree.add_group(tree.root(), "project", "Manage projects: scripts with their configurations",
                       fmt::format("  hpogrid project create {}  hpogrid project show my_project\n", example));
    const auto context = std::make_shared<Context>(Context{workspace, ProjectStore{workspace}, {}, {}, {}, {}});
    const auto command = [&](const char* name, const char* summary, Action action) -> CLI::App& {
        CLI::App& app = tree.add_command(group, name, summary, fmt::format("  hpogrid project {} {}", name, example),
                                         std::move(action));
        CLI::Option* option =
            app.add_option("name", context->name, "Name of the project")->required()->type_name("NAME");
        tree.complete(option, [context] { return context->store.list(); });
        add_options(tree, app, context);
        return app;
    };
    CLI::App& create = command("create", "Create a project", [context] {
        context->store.create(context->name, context->parts());
        say(*context, "Created");
        return 0;
    });
    CLI::App& recreate = command("recreate", "Replace a project; the old one goes to backup/", [context] {
        const auto backup = context->store.recreate(context->name, context->parts());
        say(*context, "Replaced");
        say_backup(backup);
        return 0;
    });
    command("update", "Change what is given of a project, keep the rest and its results", [context] {
        const auto backup = context->store.update(context->name, context->parts());
        say(*context, "Updated");
        if (backup) {
            say_backup(*backup);
        }
        return 0;
    });
    for (CLI::App* app : {&create, &recreate}) {
        app->add_option("--from", context->from, "JSON file or folder of another project; options replace its parts")
            ->type_name("PROJECT");
    }
    add_store_commands(tree, group, shelf_of(context->store));
}

}  // namespace hpogrid::launchers
