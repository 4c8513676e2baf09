#pragma once

#include "launchers/core/workspace.hpp"
#include "launchers/program/run_options.hpp"

namespace hpogrid::launchers {

/// Submits the jobs to Slurm, through the real sbatch: an array where there are several. See Backend.
[[nodiscard]] int run_on_slurm(const Workspace& workspace, const RunOptions& options);

}  // namespace hpogrid::launchers
