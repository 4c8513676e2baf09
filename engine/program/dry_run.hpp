#pragma once

#include "engine/cluster/transport.hpp"
#include "engine/program/study_setup.hpp"

#include <cstddef>
#include <functional>

namespace hpogrid::program {

/// Checks what a run would need beyond the configuration (no earlier study is in the way or the one to be resumed is
/// the same, the results can be written, the script can be imported and has the model, every worker can evaluate),
/// prints the table of ranks and GPUs and five sampled points, and warns of a metric that the scripts never mention.
/// `start_workers` sends them their settings. Throws InputError or OutputError.
void dry_run(StudySetup setup, cluster::Transport& transport, std::size_t workers,
             const std::function<void()>& start_workers);

}  // namespace hpogrid::program
