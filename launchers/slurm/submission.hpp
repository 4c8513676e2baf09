#pragma once

#include "launchers/jobs/job_package.hpp"
#include "launchers/jobs/submission.hpp"
#include "launchers/jobs/submission_folder.hpp"
#include "launchers/slurm/sbatch_command.hpp"

#include <string>

namespace hpogrid::launchers {

/// Throws InputError where sbatch is missing.
void check_slurm_client();

/// Submits the jobs and leaves `submission.json` in the folder: command, seeds and what Slurm answered. Answers the
/// job's id. Throws InputError where sbatch cannot be started, SubmissionError where it failed; the folder is dropped
/// then if Slurm has no such job, else kept.
[[nodiscard]] std::string submit_to_slurm(SubmissionFolder& folder, const SlurmJob& job, const JobSettings& settings);

}  // namespace hpogrid::launchers
