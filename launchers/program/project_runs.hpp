#pragma once

#include "launchers/core/workspace.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace hpogrid::launchers {

/// Folder of the last run that began: a dry run and one that was refused leave an empty folder.
[[nodiscard]] std::optional<std::filesystem::path> last_run(const Workspace& workspace, const std::string& project);

}  // namespace hpogrid::launchers
