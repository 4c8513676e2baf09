#include "launchers/program/store_commands.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"
#include "launchers/configurations/store.hpp"
#include "launchers/core/export_file.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

namespace hpogrid::launchers {
namespace {

struct Arguments {
    std::string name;
    std::string target;
    std::string pattern{"*"};
    bool json{false};
    bool overwrite{false};
};

/// The names that a pattern matches; a name that is none is left to whoever reads it.
std::vector<std::string> matches(const Shelf& shelf, const std::string& name) {
    const bool is_pattern = name.find_first_of("*?[") != std::string::npos;
    if (!is_pattern) {
        return {name};
    }
    std::vector<std::string> names = shelf.list(name);
    if (names.empty()) {
        throw InputError{fmt::format("no {} matches '{}', allowed: a name from hpogrid {} list", shelf.what,
                                     config::printable(name), shelf.command)};
    }
    return names;
}

int list(const Shelf& shelf, const Arguments& arguments) {
    const auto names = shelf.list(arguments.pattern);
    if (arguments.json) {
        fmt::print("{}", file_text(names));
        return 0;
    }
    for (const std::string& name : names) {
        fmt::print("{}\n", config::printable(name));
    }
    return 0;
}

int show(const Shelf& shelf, const Arguments& arguments) {
    const nlohmann::json value = shelf.read(arguments.name);
    fmt::print("{}", arguments.json ? file_text(value) : shelf.show(value));
    return 0;
}

int remove(const Shelf& shelf, const Arguments& arguments) {
    for (const std::string& name : matches(shelf, arguments.name)) {
        const auto backup = shelf.remove(name);
        fmt::print("Removed {} '{}'; it is kept as {}\n", shelf.what, name, config::printable_path(backup));
    }
    return 0;
}

int export_to(const Shelf& shelf, const Arguments& arguments) {
    const std::string text = file_text(shelf.read(arguments.name));
    if (arguments.target.empty() || arguments.target == "-") {
        fmt::print("{}", text);
    } else {
        write_export(arguments.target, text, arguments.overwrite);
        fmt::print("Wrote {}\n", config::printable_path(arguments.target));
    }
    return 0;
}

}  // namespace

void add_store_commands(CommandTree& tree, CLI::App& group, const Shelf& shelf) {
    const auto arguments = std::make_shared<Arguments>();
    const auto command = [&](const char* name, const std::string& summary, const std::string& example,
                             int (*act)(const Shelf&, const Arguments&)) -> CLI::App& {
        return tree.add_command(group, name, summary, fmt::format("  hpogrid {} {}{}\n", shelf.command, name, example),
                                [=] { return act(shelf, *arguments); });
    };
    const auto name = [&](CLI::App& app, const char* help = "Its name") {
        tree.complete(app.add_option("name", arguments->name, help)->required()->type_name("NAME"),
                      [list = shelf.list] { return list("*"); });
    };

    CLI::App& listing =
        command("list", fmt::format("List the names of all {}", shelf.what_all), " --expr 'test_*'", list);
    listing.add_option("-e,--expr", arguments->pattern, "Only names that match this pattern")->type_name("PATTERN");
    listing.add_flag("--json", arguments->json, "Print JSON");
    CLI::App& showing = command("show", fmt::format("Show a {}", shelf.what), " NAME", show);
    name(showing);
    showing.add_flag("--json", arguments->json, "Print JSON");
    name(command("remove", fmt::format("Remove a {}; it goes to backup/", shelf.what), " 'test_*'", remove),
         "Its name, or a pattern with * in it");
    CLI::App& copying = command("copy", fmt::format("Copy a {} to another name", shelf.what), " NAME NEW_NAME",
                                [](const Shelf& of, const Arguments& given) {
                                    of.copy(given.name, given.target);
                                    fmt::print("Copied {} '{}' to '{}'\n", of.what, given.name, given.target);
                                    return 0;
                                });
    name(copying);
    copying.add_option("new_name", arguments->target, "Name of the copy")->required()->type_name("NEW_NAME");
    CLI::App& exporting =
        command("export", fmt::format("Write a {} into one JSON file, which create --from reads", shelf.what),
                " NAME file.json", export_to);
    name(exporting);
    exporting.add_option("file", arguments->target, "File to write; none or - for standard output")->type_name("FILE");
    exporting.add_flag("--overwrite", arguments->overwrite, "Replace an existing file");
    name(command("where", fmt::format("Print where a {} lies", shelf.what), " NAME",
                 [](const Shelf& of, const Arguments& given) {
                     static_cast<void>(of.read(given.name));
                     fmt::print("{}\n", of.path(given.name).string());
                     return 0;
                 }));
}

}  // namespace hpogrid::launchers
