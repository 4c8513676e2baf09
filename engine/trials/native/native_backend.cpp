#include "engine/trials/native/native_backend.hpp"

#include "kernels/api/backend.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>

namespace hpogrid::trials {

std::vector<std::unique_ptr<kernels::Backend>> make_native_backends(const NativeResources& resources) {
    std::vector<std::unique_ptr<kernels::Backend>> backends;
    std::vector<std::string> idle;
    for (const std::string& gpu : resources.gpus) {
        if (const auto device = kernels::find_cuda_device(gpu)) {
            backends.push_back(kernels::make_cuda_backend(*device));
        } else {
            idle.push_back(gpu);
        }
    }
    const bool on_cores = backends.empty();
    tell_of_idle_gpus(idle, on_cores ? "the cores" : "other GPUs",
                      kernels::cuda_built() ? "CUDA does not see it" : "this was built without CUDA");
    if (on_cores) {
        backends.push_back(kernels::make_host_backend(resources.threads));
    }
    return backends;
}

void tell_of_idle_gpus(const std::vector<std::string>& gpus, std::string_view place, std::string_view reason) {
    if (!gpus.empty()) {
        fmt::print(stderr, "hpogrid-engine: native trials train on {}, not on {} ({})\n", place, fmt::join(gpus, ", "),
                   reason);
    }
}

}  // namespace hpogrid::trials
