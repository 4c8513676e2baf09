#include "launchers/program/local_run.hpp"

#include "engine/config/printable.hpp"
#include "engine/config/project.hpp"
#include "engine/core/error.hpp"
#include "launchers/core/folders.hpp"
#include "launchers/core/run_program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

/// Something that was built or installed with this program, "" if it is not there.
fs::path beside_program(std::initializer_list<const char*> places) {
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const char* place : places) {
        const fs::path path = (folder / place).lexically_normal();
        if (fs::is_regular_file(path, error)) {
            return path;
        }
    }
    return {};
}

fs::path last_run(const fs::path& runs) {
    std::vector<fs::path> folders;
    std::error_code error;
    for (fs::directory_iterator entry{runs, error}, end; !error && entry != end; entry.increment(error)) {
        folders.push_back(entry->path());
    }
    if (folders.empty()) {
        throw InputError{fmt::format("{}: there is no run to resume, allowed: without --resume, or --output of a study",
                                     config::printable_path(runs))};
    }
    return std::ranges::max(folders);
}

fs::path results_file(const Workspace& workspace, const LocalRun& run, const std::string& name) {
    if (!run.output.empty()) {
        return run.output;
    }
    const fs::path runs = workspace.base / "runs" / name;
    const fs::path folder = run.resume ? last_run(runs) : runs / timestamp();
    make_folder(folder);
    return folder / "results.h5";
}

}  // namespace

void run_locally(const Workspace& workspace, const LocalRun& run) {
    const config::Project project = config::read_project(run.project);
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
