#include "launchers/program/local_run.hpp"

#include "engine/config/printable.hpp"
#include "engine/config/project.hpp"
#include "engine/core/error.hpp"
#include "launchers/core/folders.hpp"
#include "launchers/core/installation.hpp"
#include "launchers/core/run_program.hpp"
#include "launchers/program/project_runs.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

fs::path results_file(const Workspace& workspace, const LocalRun& run, const std::string& name) {
    if (!run.output.empty()) {
        return run.output;
    }
    const fs::path runs = workspace.runs(name);
    const auto last = run.resume ? last_run(workspace, name) : std::nullopt;
    if (run.resume && !last) {
        throw InputError{fmt::format("{}: there is no run to resume, allowed: without --resume, or --output of a study",
                                     config::printable_path(runs))};
    }
    return (last ? *last : make_dated_folder(runs)) / "results.h5";
}

}  // namespace

void run_locally(const Workspace& workspace, const LocalRun& run) {
    const config::Project project = config::read_project(run.project);
    if (!run.search_points.empty()) {
        // Refused before there is a folder for the run.
        static_cast<void>(config::read_search_points(run.search_points));
    }
    const fs::path script = beside_program({"../share/hpogrid/jobs/run-engine", "../../../jobs/run-engine"});
    if (script.empty()) {
        throw InputError{"run-engine was not installed with hpogrid, allowed: an installation with share/hpogrid/jobs"};
    }
    if (const fs::path engine = beside_program({"hpogrid-engine"}); !engine.empty()) {
        ::setenv("HPOGRID_ENGINE", engine.c_str(), 0);
    }
    ::setenv("HPOGRID_RUN_MODE", "LOCAL", 0);
    const fs::path results = results_file(workspace, run, project.name);
    std::vector<std::string> words{script.string(), run.ranks, fs::absolute(project.file).string(), "-o",
                                   results.string()};
    if (run.resume) {
        words.emplace_back("--resume");
    }
    if (!run.search_points.empty()) {
        words.insert(words.end(), {"--search-points", run.search_points});
    }
    words.insert(words.end(), run.engine_options.begin(), run.engine_options.end());
    become_program(words);
}

}  // namespace hpogrid::launchers
