#pragma once

#include "launchers/core/workspace.hpp"
#include "launchers/program/command_tree.hpp"

namespace hpogrid::launchers {

/// hpogrid generate: the steering step of a search by iDDS (phpo)
void add_generate_command(CommandTree& tree, const Workspace& workspace);

}  // namespace hpogrid::launchers
