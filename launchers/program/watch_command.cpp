#include "launchers/program/watch_command.hpp"

#include "engine/config/printable.hpp"
#include "engine/console/option_values.hpp"
#include "engine/core/error.hpp"
#include "launchers/core/text_table.hpp"
#include "launchers/program/project_runs.hpp"
#include "launchers/projects/project_store.hpp"
#include "launchers/watch/watcher.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

struct Arguments {
    std::string source;
    double interval{1.0};
    bool once{false};
};

fs::path results_of(const Workspace& workspace, const std::string& source) {
    if (source.ends_with(".h5") || source.find('/') != std::string::npos) {
        return source;
    }
    if (const auto run = last_run(workspace, source)) {
        return *run / "results.h5";
    }
    throw InputError{
        fmt::format("{}: no run of project '{}' began here, allowed: a project that has run, or a results "
                    "file *.h5",
                    config::printable_path(workspace.runs(source)), config::printable(source))};
}

int run(const Workspace& workspace, const Arguments& arguments) {
    const WatchMode mode = arguments.once ? WatchMode::once : terminal_width() > 0 ? WatchMode::live : WatchMode::lines;
    constexpr int interrupted = 1;
    return watch({results_of(workspace, arguments.source), mode, arguments.interval}) ? 0 : interrupted;
}

}  // namespace

void add_watch_command(CommandTree& tree, const Workspace& workspace) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App& app = tree.add_command(
        tree.root(), "watch", "Show a study while it runs, until it ends: trials, the best one, what runs, what ended",
        "  hpogrid watch my_project            its last run\n  hpogrid watch results.h5 --once\n",
        [workspace, arguments] { return run(workspace, *arguments); });
    tree.complete(
        app.add_option("source", arguments->source, "A project that runs here, or the results file of a study")
            ->required()
            ->type_name("PROJECT | FILE.h5"),
        [workspace] { return ProjectStore{workspace}.list(); });
    app.add_option("-i,--interval", arguments->interval, "Seconds between two looks at the results [default 1]")
        ->type_name("S")
        ->check(console::number(0.1, 3600.0));
    app.add_flag("--once", arguments->once, "Show the study as it is now, and no more");
}

}  // namespace hpogrid::launchers
