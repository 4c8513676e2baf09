#pragma once

#include "launchers/core/workspace.hpp"
#include "launchers/program/command_tree.hpp"

namespace hpogrid::launchers {

/// hpogrid report {PROJECT | FILE…}
void add_report_command(CommandTree& tree, const Workspace& workspace);

}  // namespace hpogrid::launchers
