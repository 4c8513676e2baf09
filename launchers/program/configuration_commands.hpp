#pragma once

#include "launchers/configurations/config_option.hpp"
#include "launchers/core/workspace.hpp"
#include "launchers/program/command_tree.hpp"

namespace hpogrid::launchers {

/// hpogrid {hpo_config,grid_config,model_config,search_space}
/// {create,recreate,update,remove,list,show,copy,export,where}
void add_configuration_commands(CommandTree& tree, const Workspace& workspace);

}  // namespace hpogrid::launchers
