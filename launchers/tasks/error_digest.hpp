#pragma once

#include "launchers/tasks/task.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::launchers {

/// An error that jobs on the grid end with, from error_codes.json. Numbers and their meaning follow pilot3
/// (pilot/common/errorcodes.py) and panda-server (ErrorCode.py of taskbuffer, jobdispatcher and dataservice).
struct GridError {
    std::string component;  ///< which part of PanDA numbers it so: "pilot"
    int code;
    std::string what;  ///< what happened
    std::string todo;  ///< what to do
};

/// The file that the program was built with.
[[nodiscard]] std::string_view error_codes_text() noexcept;

/// All of them, ordered by component and code.
[[nodiscard]] const std::vector<GridError>& grid_errors();

/// The errors that "1305" or "pilot:1305" may mean. Throws InputError where there is none or it is no code.
[[nodiscard]] std::vector<GridError> errors_with_code(std::string_view text);

/// What failed jobs of a task have in common.
struct JobsError {
    std::string component;
    int code;
    std::optional<GridError> known;
    std::string diagnostics;        ///< what PanDA said of the first of them
    std::vector<std::string> jobs;  ///< their numbers
    std::vector<std::string> sites;
};

/// The errors of these jobs, the most frequent first. A job counts with each of its errors.
[[nodiscard]] std::vector<JobsError> errors_of(std::span<const FailedJob> jobs);

}  // namespace hpogrid::launchers
