#include "launchers/slurm/submission.hpp"

#include "engine/core/error.hpp"
#include "engine/core/find_program.hpp"
#include "launchers/core/run_program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

/// Whether Slurm has such a job, or cannot be asked: a submission that timed out may have been taken. Jobs are known by
/// the folder where they start, since their names may be given by the user.
bool slurm_may_have(const SlurmJob& job) {
    const bool elsewhere = std::ranges::any_of(job.passed_through, [](const std::string& option) {
        return option.starts_with("-M") || option.starts_with("--cluster") || option.starts_with("--chdir");
    });
    if (elsewhere || find_program("squeue").empty()) {
        return true;
    }
    std::string folders;
    const std::vector<std::string> question{"squeue", "--noheader", fmt::format("--user={}", ::getuid()),
                                            "--format=%Z"};
    const int status = run_program(question, fs::current_path(), &folders);
    return status != 0 || ("\n" + folders).find("\n" + job.package.string() + "\n") != std::string::npos;
}

}  // namespace

void check_slurm_client() {
    if (find_program("sbatch").empty()) {
        throw InputError{
            "sbatch is not on $PATH, allowed: a machine from which Slurm takes jobs, or another --backend"};
    }
}

std::string submit_to_slurm(SubmissionFolder& folder, const SlurmJob& job, const JobSettings& settings) {
    const std::vector<std::string> command = sbatch_command(job);
    std::string answer;
    const int status = run_program(command, fs::current_path(), &answer);
    folder.keep();
    // --parsable: the id, and after a ';' the cluster where there are several.
    const std::string id = answer.substr(0, answer.find_first_of(";\n"));
    write_submission_record(
        folder.path(),
        {{"backend", "slurm"},
         {"first_seed", settings.seed},
         {"jobs", settings.jobs},
         {"nodes", job.nodes},
         {"tasks", nlohmann::json::array({{{"command", command}, {"status", status}, {"answer", id}}})}});
    if (status != 0) {
        throw refused_submission(folder, fmt::format("sbatch ended with status {}", status), !slurm_may_have(job));
    }
    return id;
}

}  // namespace hpogrid::launchers
