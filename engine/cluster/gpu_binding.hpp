#pragma once

#include "engine/cluster/gpu_inventory.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace hpogrid::cluster {

/// How the GPUs of a machine are to be shared.
struct GpuSharing {
    std::size_t worker{0};   ///< position among the machine's workers
    std::size_t workers{1};  ///< of the machine
    unsigned gpus_per_trial{1};
    unsigned slots_per_gpu{1};
};

/// What one worker gets: for each slot the GPUs that its trial sees.
struct GpuBinding {
    std::vector<std::vector<Gpu>> slots;  ///< at least one slot, without GPUs where there are none
    bool shared_with_other_workers{false};
};

/// Spreads the machine's GPUs evenly over its workers: neighbours stay together, each GPU goes to one worker. With more
/// workers than GPUs, workers share them in turn. A worker's GPUs are split into groups of `gpus_per_trial`, each of
/// which has `slots_per_gpu` slots; too few GPUs for one group make one group of what there is.
[[nodiscard]] GpuBinding bind_gpus(std::span<const Gpu> gpus, const GpuSharing& sharing);

/// The GPUs for people, with a word on too few for the `gpus_per_trial` asked for; empty without GPUs where none had to
/// be.
[[nodiscard]] std::string describe(const GpuBinding& binding, unsigned gpus_per_trial);

/// Value of CUDA_VISIBLE_DEVICES for these GPUs.
[[nodiscard]] std::string visible_devices(std::span<const Gpu> gpus);

}  // namespace hpogrid::cluster
