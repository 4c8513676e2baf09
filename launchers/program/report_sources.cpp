#include "launchers/program/report_sources.hpp"

#include "engine/config/printable.hpp"
#include "engine/config/text_file.hpp"
#include "engine/core/error.hpp"
#include "launchers/core/folders.hpp"
#include "launchers/panda/submission.hpp"
#include "launchers/projects/project_store.hpp"
#include "launchers/report/read_report.hpp"
#include "launchers/report/task_results.hpp"
#include "launchers/tasks/bigpanda.hpp"
#include "launchers/tasks/panda_server.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

bool is_file_name(const std::string& source) {
    return source.ends_with(".h5") || source.ends_with(".json") || source.find('/') != std::string::npos ||
           source == "." || source == "..";
}

/// What there is of a project on this machine.
struct Traces {
    std::vector<fs::path> results;
    std::vector<std::int64_t> tasks;  ///< that were submitted from here
    bool is_project;
};

Traces traces_of(const Workspace& workspace, const std::string& project) {
    return {.results = files_below(workspace.runs(project), "results.h5"),
            .tasks = submitted_tasks(workspace.submissions() / project),
            .is_project = std::ranges::count(ProjectStore{workspace}.list(), project) > 0};
}

bool asks_the_grid(const ReportSources& sources, const Traces& traces) {
    return !sources.only_local &&
           (sources.tasks.are_given() || !traces.tasks.empty() || (traces.results.empty() && traces.is_project));
}

/// The tasks that options choose; without any, those that were submitted from here and those that are named as if.
std::vector<Task> chosen_tasks(const Service& monitor, const ReportSources& sources, const std::string& project,
                               const std::vector<std::int64_t>& submitted) {
    std::vector<Task> tasks;
    TaskQuery query = sources.tasks.query();
    if (!sources.tasks.are_given() && !submitted.empty()) {
        tasks = query_tasks(monitor, {.ids = submitted});
    }
    const bool names_tasks = !account_from_environment().empty() || tasks.empty();
    if (query.name.empty() && names_tasks) {
        query.name = own_tasks(fmt::format("hpogrid.{}.*", project));
    }
    for (Task& task : query.name.empty() ? std::vector<Task>{} : query_tasks(monitor, query)) {
        if (std::ranges::find(tasks, task.id, &Task::id) == tasks.end()) {
            tasks.push_back(std::move(task));
        }
    }
    return tasks;
}

/// From PanDA itself, which only those can ask who have a proxy or a token.
void add_missing_metadata(std::vector<Task>& tasks) {
    const Credentials credentials = credentials_from_environment();
    if (credentials.proxy.empty() && credentials.token.empty()) {
        return;
    }
    try {
        query_missing_metadata(panda_server(), credentials, tasks);
    } catch (const ServiceError& error) {
        fmt::print(stderr, "hpogrid: {}\n", error.what());
    }
}

/// Answers how many tasks there were.
std::size_t merge_grid(Report& report, const ReportSources& sources, const std::string& project,
                       const std::vector<std::int64_t>& submitted) {
    const Service monitor = bigpanda();
    std::vector<Task> tasks = chosen_tasks(monitor, sources, project, submitted);
    query_metadata(monitor, tasks, false);
    add_missing_metadata(tasks);
    if (sources.needs_sites) {
        query_sites(monitor, tasks);
    }
    const std::size_t unusable = merge_tasks(report, tasks, project);
    if (unusable > 0) {
        fmt::print(stderr, "hpogrid: {} job{} left metadata that cannot be used\n", unusable, unusable == 1 ? "" : "s");
    }
    return tasks.size();
}

InputError nothing_found(const Workspace& workspace, const std::string& project, bool asked, std::size_t tasks) {
    const fs::path runs = workspace.runs(project);
    const std::string grid =
        asked ? fmt::format(" and in {} task{} on the grid", tasks, tasks == 1 ? "" : "s") : std::string{};
    return InputError{
        fmt::format("{}: there are no results of project '{}'{}{}, allowed: a project that has run here, one whose "
                    "tasks --days, --limit, --taskname or --range choose, or results files *.h5",
                    config::printable_path(runs), config::printable(project), grid,
                    config::nearest_entry(runs.parent_path(), project))};
}

void merge_project(Report& report, const Workspace& workspace, const ReportSources& sources,
                   const std::string& project) {
    const Traces traces = traces_of(workspace, project);
    const std::size_t jobs_before = report.jobs.size();
    for (const fs::path& file : traces.results) {
        merge(report, read_report(file));
    }
    const bool asks = asks_the_grid(sources, traces);
    const std::size_t tasks = asks ? merge_grid(report, sources, project, traces.tasks) : 0;
    if (report.jobs.size() == jobs_before) {
        throw nothing_found(workspace, project, asks, tasks);
    }
}

}  // namespace

void add_report_sources(CommandTree& tree, CLI::App& app, ReportSources& sources, const Workspace& workspace) {
    CLI::Option* names =
        app.add_option("source", sources.names, "A project that has run, or files: *.h5, userJobMetadata.json")
            ->required()
            ->type_name("PROJECT | FILE");
    tree.complete(names, [workspace] { return ProjectStore{workspace}.list(); });
    add_query_options(app, sources.tasks);
    app.add_flag("--local", sources.only_local, "Only what has run here; no server is asked");
}

Report gather(const Workspace& workspace, const ReportSources& sources) {
    Report report;
    for (const std::string& name : sources.names) {
        if (is_file_name(name)) {
            merge(report, read_report(name));
        } else {
            merge_project(report, workspace, sources, name);
        }
    }
    rank(report);
    return report;
}

}  // namespace hpogrid::launchers
