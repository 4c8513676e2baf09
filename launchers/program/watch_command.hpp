#pragma once

#include "launchers/core/workspace.hpp"
#include "launchers/program/command_tree.hpp"

namespace hpogrid::launchers {

/// hpogrid watch {FILE.h5 | PROJECT}
void add_watch_command(CommandTree& tree, const Workspace& workspace);

}  // namespace hpogrid::launchers
