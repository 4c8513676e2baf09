#include "launchers/program/panda_backend.hpp"

#include "engine/config/grid_config.hpp"
#include "engine/config/project.hpp"
#include "engine/core/error.hpp"
#include "launchers/core/shell_text.hpp"
#include "launchers/jobs/job_files.hpp"
#include "launchers/panda/dataset_name.hpp"
#include "launchers/panda/sandbox.hpp"
#include "launchers/panda/submission.hpp"
#include "launchers/program/batch_job.hpp"

#include <fmt/format.h>

#include <ctime>

namespace hpogrid::launchers {
namespace {

config::GridConfig grid_of(const config::Project& project, const RunOptions& options) {
    config::GridConfig grid = project.grid;
    if (!options.sites.empty()) {
        nlohmann::json sites =
            options.sites.size() == 1 ? nlohmann::json(options.sites.front()) : nlohmann::json(options.sites);
        const nlohmann::json changed = {{"site", std::move(sites)}};
        grid.sites = config::read_grid_config(config::Located{changed, "command line", "-"}).sites;
    }
    return grid;
}

}  // namespace

int run_on_panda(const Workspace& workspace, const RunOptions& options) {
    if (options.nodes != 1) {
        throw InputError{"--nodes has no meaning for --backend panda, allowed: --n_jobs, each job on one node"};
    }
    const config::Project project = config::read_project(options.local.project);
    const JobSettings settings = job_settings(project, options);
    PandaTask task{.grid = grid_of(project, options),
                   .out_dataset = {},
                   .jobs = options.jobs,
                   .submission_file = {},
                   .passed_through = options.passed_through};
    task.out_dataset =
        expand_dataset(task.grid.out_dataset, {account_from_environment(), project.name, std::time(nullptr)});
    if (!options.dry_run) {
        check_panda_client();
    }
    SubmissionFolder folder{workspace.submissions(), project.name};
    write_job_package(folder.package(), project, settings, {"grid-job", grid_job_template(), {}});
    check_sandbox(folder.package());
    task.submission_file = folder.path() / "prun.json";
    const auto tasks = split_by_input(task);
    if (options.dry_run) {
        show_package(folder.package(), "hpogrid/grid-job");
        fmt::print("\n# It would be submitted there with:\n");
        for (const PandaTask& each : tasks) {
            fmt::print("{}\n", shell_command(prun_command(each)));
        }
        folder.keep();
        return 0;
    }
    submit_to_panda(folder, tasks, settings, [](const std::string& id) {
        fmt::print("Submitted task {}: https://bigpanda.cern.ch/task/{}/\n", id, id);
    });
    tell_of_jobs(settings, folder.path());
    return 0;
}

}  // namespace hpogrid::launchers
