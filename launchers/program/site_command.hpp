#pragma once

#include "launchers/program/command_tree.hpp"

#include <string>
#include <vector>

namespace hpogrid::launchers {

/// hpogrid sites
void add_site_command(CommandTree& tree);

/// Names of the GPU queues that are known without asking anybody, to complete --site.
[[nodiscard]] std::vector<std::string> known_sites();

}  // namespace hpogrid::launchers
