#pragma once

#include "engine/cluster/stop_signals.hpp"
#include "engine/cluster/transport.hpp"
#include "engine/program/command_line.hpp"

namespace hpogrid::program {

/// Everything that rank 0 does: reads the project, prepares or resumes the study, drives it to its end, writes results.
/// Answers the exit status; errors are printed. Every worker that waits is dismissed whatever happens.
[[nodiscard]] int run_controller(const CommandLine& command_line, cluster::Transport& transport,
                                 cluster::StopSignals& signals);

}  // namespace hpogrid::program
