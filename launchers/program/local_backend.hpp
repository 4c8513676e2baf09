#pragma once

#include "launchers/core/workspace.hpp"
#include "launchers/program/run_options.hpp"

namespace hpogrid::launchers {

/// Becomes the engine on this machine. See Backend.
[[nodiscard]] int run_here(const Workspace& workspace, const RunOptions& options);

}  // namespace hpogrid::launchers
