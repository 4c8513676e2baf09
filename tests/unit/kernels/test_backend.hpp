#pragma once

#include <memory>

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

}  // namespace hpogrid::kernels
