#pragma once

#include "launchers/program/command_tree.hpp"

namespace hpogrid::launchers {

/// hpogrid explain {CODE | TASK}
void add_explain_command(CommandTree& tree);

}  // namespace hpogrid::launchers
