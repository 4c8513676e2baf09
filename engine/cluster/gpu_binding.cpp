#include "engine/cluster/gpu_binding.hpp"

#include <algorithm>

namespace hpogrid::cluster {
namespace {

std::span<const Gpu> share_of(std::span<const Gpu> gpus, const GpuSharing& sharing) {
    if (gpus.size() < sharing.workers) {
        return gpus.subspan(sharing.worker % gpus.size(), 1);
    }
    const std::size_t first = sharing.worker * gpus.size() / sharing.workers;
    const std::size_t last = (sharing.worker + 1) * gpus.size() / sharing.workers;
    return gpus.subspan(first, last - first);
}

}  // namespace

GpuBinding bind_gpus(std::span<const Gpu> gpus, const GpuSharing& sharing) {
    const std::size_t slots_per_group = std::max(1U, sharing.slots_per_gpu);
    GpuBinding binding;
    if (gpus.empty()) {
        binding.slots.resize(slots_per_group);
        return binding;
    }
    const auto own = share_of(gpus, sharing);
    const std::size_t group = std::clamp<std::size_t>(sharing.gpus_per_trial, 1, own.size());
    for (std::size_t first = 0; first + group <= own.size(); first += group) {
        const auto members = own.subspan(first, group);
        binding.slots.insert(binding.slots.end(), slots_per_group, std::vector<Gpu>{members.begin(), members.end()});
    }
    binding.shared_with_other_workers = gpus.size() < sharing.workers;
    return binding;
}

std::string visible_devices(std::span<const Gpu> gpus) {
    std::string list;
    for (const Gpu& gpu : gpus) {
        list += (list.empty() ? "" : ",") + gpu.uuid;
    }
    return list;
}

}  // namespace hpogrid::cluster
