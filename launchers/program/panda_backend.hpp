#pragma once

#include "launchers/core/workspace.hpp"
#include "launchers/program/run_options.hpp"

namespace hpogrid::launchers {

/// Submits the jobs as tasks to PanDA, through the real prun. See Backend.
[[nodiscard]] int run_on_panda(const Workspace& workspace, const RunOptions& options);

}  // namespace hpogrid::launchers
