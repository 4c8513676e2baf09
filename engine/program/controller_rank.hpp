#pragma once

#include "engine/cluster/controller.hpp"
#include "engine/cluster/stop_signals.hpp"
#include "engine/cluster/transport.hpp"
#include "engine/program/command_line.hpp"

namespace hpogrid::program {

/// Exit status of a study that was interrupted and is to be continued with --resume.
inline constexpr int interrupted_status = 1;

struct ControllerResult {
    int status{0};
    cluster::LostRanks lost_ranks{cluster::LostRanks::none};
};

/// Everything that rank 0 does: reads the project, prepares or resumes the study, drives it to its end, writes results.
/// Errors are printed and become the exit status. The workers are dismissed whatever happens.
[[nodiscard]] ControllerResult run_controller(const CommandLine& command_line, cluster::Transport& transport,
                                              cluster::StopSignals& signals);

}  // namespace hpogrid::program
