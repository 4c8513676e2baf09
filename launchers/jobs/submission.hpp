#pragma once

#include "launchers/jobs/submission_folder.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace hpogrid::launchers {

/// A program of the batch system ended with an error that it has told itself.
class SubmissionError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The error of a submission that failed, `what`. Drops the folder where nothing was submitted; else keeps it and says
/// where it is.
[[nodiscard]] SubmissionError refused_submission(SubmissionFolder& folder, const std::string& what,
                                                 bool nothing_submitted);

/// Leaves `submission.json` in the folder of a submission: `first_seed`, `jobs`, and in `tasks` each command with its
/// exit status and what the batch system answered. Throws OutputError.
void write_submission_record(const std::filesystem::path& folder, const nlohmann::json& record);

}  // namespace hpogrid::launchers
