#pragma once

#include "launchers/program/command_tree.hpp"

namespace hpogrid::launchers {

/// hpogrid tasks {show,kill,retry}
void add_task_commands(CommandTree& tree);

}  // namespace hpogrid::launchers
