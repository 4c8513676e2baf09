#pragma once

#include "engine/cluster/stop_signals.hpp"
#include "engine/cluster/transport.hpp"
#include "engine/program/command_line.hpp"

namespace hpogrid::program {

/// Exit status of a study that was interrupted and is to be continued with --resume.
inline constexpr int interrupted_status = 1;

struct ControllerResult {
    int status{0};
    /// A rank died on the way, so MPI must not be left in the ordinary way.
    bool ranks_died{false};
};

/// Everything that rank 0 does: reads the project, prepares or resumes the study, drives it to its end, writes results.
/// Errors are printed and become the exit status. The workers are dismissed whatever happens.
[[nodiscard]] ControllerResult run_controller(const CommandLine& command_line, cluster::Transport& transport,
                                              cluster::StopSignals& signals);

}  // namespace hpogrid::program
