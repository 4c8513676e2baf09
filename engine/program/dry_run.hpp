#pragma once

#include "engine/cluster/transport.hpp"
#include "engine/program/study_setup.hpp"

#include <cstddef>

namespace hpogrid::program {

/// Checks what a run would need beyond the configuration (the script can be imported and has the model, the results can
/// be written, every worker can evaluate), prints the table of ranks and GPUs and five sampled points, and warns of a
/// metric that the scripts never mention. The workers have their settings. Throws InputError or OutputError.
void dry_run(const StudySetup& setup, cluster::Transport& transport, std::size_t workers);

}  // namespace hpogrid::program
