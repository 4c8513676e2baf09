#pragma once

#include "launchers/jobs/job_package.hpp"
#include "launchers/jobs/submission.hpp"
#include "launchers/jobs/submission_folder.hpp"
#include "launchers/panda/prun_command.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// Account that names the user's datasets: $RUCIO_ACCOUNT, else $PANDA_NICKNAME; "" where neither is set.
[[nodiscard]] std::string account_from_environment();

/// Throws InputError where the client's `program` or what it needs is missing: its set-up, a proxy or a token.
void check_panda_client(const std::string& program = "prun");

/// Submits the package in the folder as these tasks, one after the other, and leaves `submission.json` there: commands,
/// seeds and what PanDA answered. `submitted` is told each task's id. Throws InputError where prun cannot be started,
/// SubmissionError where it failed; the folder is dropped then if nothing can have been submitted, else kept.
void submit_to_panda(SubmissionFolder& folder, const std::vector<PandaTask>& tasks, const JobSettings& settings,
                     const std::function<void(const std::string& id)>& submitted);

/// The tasks that PanDA made of the submissions in this folder, each in a folder of its own.
[[nodiscard]] std::vector<std::int64_t> submitted_tasks(const std::filesystem::path& submissions);

}  // namespace hpogrid::launchers
