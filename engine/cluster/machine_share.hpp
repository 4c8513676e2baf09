#pragma once

#include "engine/cluster/worker_settings.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace hpogrid::cluster {

/// What one worker may use of its machine.
struct MachineShare {
    unsigned slots{1};
    unsigned threads{1};                    ///< of each trial
    unsigned worker_threads{1};             ///< of a worker that trains all its trials itself
    std::vector<std::string> gpus_of_slot;  ///< CUDA_VISIBLE_DEVICES of each slot, "" = none
    std::string description;                ///< the GPUs for people, empty without one
};

/// Finds GPUs and cores of this machine and takes the share of worker `index` of `count` on it.
[[nodiscard]] MachineShare share_machine(const WorkerSettings& settings, std::size_t index, std::size_t count);

}  // namespace hpogrid::cluster
