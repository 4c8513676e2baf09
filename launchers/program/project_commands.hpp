#pragma once

#include "launchers/core/workspace.hpp"
#include "launchers/program/command_tree.hpp"

namespace hpogrid::launchers {

/// hpogrid project {create,recreate,update,remove,list,show,copy,export,where}
void add_project_commands(CommandTree& tree, const Workspace& workspace);

}  // namespace hpogrid::launchers
