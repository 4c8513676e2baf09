#include "launchers/program/slurm_backend.hpp"

#include "engine/config/printable.hpp"
#include "engine/config/project.hpp"
#include "launchers/core/installation.hpp"
#include "launchers/core/shell_text.hpp"
#include "launchers/jobs/job_files.hpp"
#include "launchers/program/batch_job.hpp"
#include "launchers/slurm/submission.hpp"

#include <fmt/format.h>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

/// The engine that was installed with this program: nodes share its file system. Else the one in their $PATH.
std::string engine() {
    const fs::path beside = beside_program({"hpogrid-engine"});
    return beside.empty() ? "hpogrid-engine" : beside.string();
}

}  // namespace

int run_on_slurm(const Workspace& workspace, const RunOptions& options) {
    const config::Project project = config::read_project(options.local.project);
    const JobSettings settings = job_settings(project, options);
    if (!options.dry_run) {
        check_slurm_client();
    }
    SubmissionFolder folder{workspace.submissions(), project.name};
    const fs::path package = folder.package();
    const fs::path runs = fs::absolute(workspace.runs(project.name)).lexically_normal();
    const fs::path results = runs / fmt::format("{}-job", folder.path().filename().string());
    write_job_package(
        package, project, settings,
        {"slurm-job",
         slurm_job_template(),
         {{"package", (package / "hpogrid").string()}, {"results", results.string()}, {"engine", engine()}}});
    const SlurmJob job{.name = project.name,
                       .package = package,
                       .jobs = options.jobs,
                       .nodes = options.nodes,
                       .partitions = options.sites,
                       .wall_time = options.wall_time,
                       .passed_through = options.passed_through};
    if (options.dry_run) {
        show_package(package, "hpogrid/slurm-job");
        fmt::print("\n# It would be submitted with:\n{}\n", shell_command(sbatch_command(job)));
        folder.keep();
        return 0;
    }
    const std::string id = submit_to_slurm(folder, job, settings);
    fmt::print("Submitted job {}: squeue --jobs {}\nResults will be in {}*/results.h5: hpogrid report {}\n", id, id,
               config::printable_path(results), config::printable(project.name));
    tell_of_jobs(settings, folder.path());
    return 0;
}

}  // namespace hpogrid::launchers
