#pragma once

#include "launchers/core/workspace.hpp"
#include "launchers/program/command_tree.hpp"

namespace hpogrid::launchers {

/// hpogrid {run,submit,local_run}
void add_run_commands(CommandTree& tree, const Workspace& workspace);

}  // namespace hpogrid::launchers
