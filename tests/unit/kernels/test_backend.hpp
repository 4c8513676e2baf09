#pragma once

#include <memory>
#include <vector>

#include "kernels/api/backend.hpp"

namespace hpogrid::kernels {

/// The device that a test program is for: the host, or in the programs with label `gpu` the first CUDA device.
[[nodiscard]] inline std::unique_ptr<Backend> make_test_backend([[maybe_unused]] int threads = 1) {
#ifdef HPOGRID_TEST_CUDA
    return make_cuda_backend();
#else
    return make_host_backend(threads);
#endif
}

/// Several of that kind. Where there are fewer GPUs, some are one GPU.
[[nodiscard]] inline std::vector<std::unique_ptr<Backend>> make_test_backends(int count) {
    std::vector<std::unique_ptr<Backend>> backends;
    for (int i = 0; i < count; ++i) {
#ifdef HPOGRID_TEST_CUDA
        backends.push_back(make_cuda_backend(i % cuda_device_count()));
#else
        backends.push_back(make_host_backend(1));
#endif
    }
    return backends;
}

}  // namespace hpogrid::kernels
