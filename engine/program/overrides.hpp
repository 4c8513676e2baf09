#pragma once

#include "engine/config/project.hpp"
#include "engine/program/command_line.hpp"

namespace hpogrid::program {

/// Puts what the command line says over what the project says.
void apply_overrides(const CommandLine& command_line, config::Project& project);

}  // namespace hpogrid::program
