#pragma once

#include "launchers/jobs/job_package.hpp"
#include "launchers/panda/prun_command.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// Account that names the user's datasets: $RUCIO_ACCOUNT, else $PANDA_NICKNAME; "" where neither is set.
[[nodiscard]] std::string account_from_environment();

/// Throws InputError where prun or what it needs is missing: the client, its set-up, a proxy or a token.
void check_panda_client();

/// Submits the package in `folder` as these tasks and leaves `submission.json` beside it: commands, seeds and what
/// PanDA answered. Answers the task ids. Throws InputError where prun cannot be started, SubmissionError where it
/// failed.
[[nodiscard]] std::vector<std::string> submit_to_panda(const std::filesystem::path& folder,
                                                       const std::vector<PandaTask>& tasks,
                                                       const JobSettings& settings);

/// prun ended with an error that it has told itself.
class SubmissionError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace hpogrid::launchers
