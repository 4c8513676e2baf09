#pragma once

#include "launchers/core/workspace.hpp"
#include "launchers/program/run_options.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::launchers {

/// Where hpogrid run sends a project.
struct Backend {
    std::string_view name;
    /// Answers the exit status. Throws InputError, OutputError, SubmissionError.
    int (*run)(const Workspace& workspace, const RunOptions& options);
};

/// All of them. Adding one is one file and one line in backend.cpp.
[[nodiscard]] std::span<const Backend> backends() noexcept;
[[nodiscard]] std::vector<std::string> backend_names();
/// \pre the name is one of backend_names()
[[nodiscard]] const Backend& find_backend(std::string_view name);

}  // namespace hpogrid::launchers
