#include "engine/cluster/machine_share.hpp"

#include "engine/cluster/cpu_share.hpp"
#include "engine/cluster/gpu_binding.hpp"
#include "engine/cluster/gpu_inventory.hpp"

#include <cstdlib>
#include <optional>
#include <string_view>

namespace hpogrid::cluster {
namespace {

std::optional<std::string_view> inherited_mask() {
    const char* mask = std::getenv("CUDA_VISIBLE_DEVICES");
    return mask != nullptr ? std::optional<std::string_view>{mask} : std::nullopt;
}

}  // namespace

MachineShare share_machine(const WorkerSettings& settings, std::size_t index, std::size_t count) {
    const std::vector<Gpu> gpus = visible_gpus(find_gpus(), inherited_mask());
    const GpuBinding binding = bind_gpus(gpus, {.worker = index,
                                                .workers = count,
                                                .gpus_per_trial = settings.gpus_per_trial,
                                                .slots_per_gpu = settings.slots_per_gpu});
    MachineShare share;
    share.slots = static_cast<unsigned>(binding.slots.size());
    share.threads = settings.cpus_per_trial > 0 ? threads_of(settings.cpus_per_trial)
                                                : threads_per_trial(available_cores(), count, binding.slots.size());
    share.worker_threads = threads_per_trial(available_cores(), count, 1);
    for (const auto& slot : binding.slots) {
        share.gpus_of_slot.push_back(visible_devices(slot));
    }
    share.description = describe(binding, settings.gpus_per_trial);
    return share;
}

}  // namespace hpogrid::cluster
