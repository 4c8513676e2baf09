#include "engine/trials/native/native_backend.hpp"

#include "kernels/api/backend.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace hpogrid::trials {

std::unique_ptr<kernels::Backend> make_native_backend(const NativeResources& resources) {
    if (const auto device = kernels::find_cuda_device(resources.gpu)) {
        return kernels::make_cuda_backend(*device);
    }
    if (!resources.gpu.empty()) {
        const bool built = kernels::cuda_built();
        fmt::print(stderr, "hpogrid-engine: native trials train on the cores, not on {} ({})\n", resources.gpu,
                   built ? "CUDA does not see it" : "this was built without CUDA");
    }
    return kernels::make_host_backend(resources.threads);
}

}  // namespace hpogrid::trials
