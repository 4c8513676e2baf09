#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::cluster {

/// One GPU, or one MIG instance of a GPU, that trials may be given.
struct Gpu {
    std::string uuid;  ///< "GPU-…" or "MIG-…": what CUDA_VISIBLE_DEVICES takes
    std::string name;
    std::uint64_t memory{0};  ///< bytes
    unsigned index{0};        ///< of the GPU on its machine, as CUDA_DEVICE_ORDER=PCI_BUS_ID counts
    bool is_mig{false};
};

/// The GPUs of this machine by NVML, loaded at run time: a machine without driver or device has none, which is a normal
/// case. A GPU in MIG mode is listed by its instances. `library`: another one for tests.
[[nodiscard]] std::vector<Gpu> find_gpus(const std::string& library = "libnvidia-ml.so.1");

/// Those of them that an inherited CUDA_VISIBLE_DEVICES leaves, in its order: indices, UUIDs or their beginnings. As in
/// CUDA, the list ends at its first entry that names nothing. Not set = all; "", "-1", "NoDevFiles" = none.
[[nodiscard]] std::vector<Gpu> visible_gpus(const std::vector<Gpu>& all, std::optional<std::string_view> mask);

}  // namespace hpogrid::cluster
