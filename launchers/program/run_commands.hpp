#pragma once

#include "launchers/core/workspace.hpp"
#include "launchers/program/command_tree.hpp"

#include <string>

namespace hpogrid::launchers {

/// hpogrid {run,submit,local_run}
void add_run_commands(CommandTree& tree, const Workspace& workspace);

/// Examples of `command`, which is "hpogrid run" or does the same.
[[nodiscard]] std::string submission_examples(const std::string& command);

/// Makes the program itself what hpogrid run is.
void become_run_command(CommandTree& tree, const Workspace& workspace);

}  // namespace hpogrid::launchers
