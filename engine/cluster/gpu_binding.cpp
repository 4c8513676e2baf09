#include "engine/cluster/gpu_binding.hpp"

#include <fmt/format.h>

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

std::string list_of(const GpuBinding& binding) {
    std::string text;
    std::string last;
    for (const auto& gpus : binding.slots) {
        if (gpus.empty()) {
            continue;
        }
        if (const std::string devices = visible_devices(gpus); devices != last) {
            text += (text.empty() ? "" : "; ") + gpus.front().name + " " + devices;
            last = devices;
        }
    }
    return binding.shared_with_other_workers ? text + " (shared)" : text;
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

std::string describe(const GpuBinding& binding, unsigned gpus_per_trial) {
    const std::string gpus = list_of(binding);
    const std::size_t given = binding.slots.front().size();
    if (gpus_per_trial <= 1 || given >= gpus_per_trial) {
        return gpus;
    }
    return gpus.empty() ? fmt::format("none, though {} a trial were asked for", gpus_per_trial)
                        : fmt::format("{}, only {} of the {} that a trial was to get", gpus, given, gpus_per_trial);
}

std::string visible_devices(std::span<const Gpu> gpus) {
    std::string list;
    for (const Gpu& gpu : gpus) {
        list += (list.empty() ? "" : ",") + gpu.uuid;
    }
    return list;
}

}  // namespace hpogrid::cluster
