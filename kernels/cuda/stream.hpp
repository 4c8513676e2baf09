#pragma once

#include <cuda_runtime_api.h>

#include <memory>
#include <type_traits>

#include "kernels/cuda/error.hpp"

namespace hpogrid::kernels::cuda {

struct StreamDeleter {
    void operator()(cudaStream_t stream) const noexcept { ignore(cudaStreamDestroy(stream)); }
};
using Stream = std::unique_ptr<std::remove_pointer_t<cudaStream_t>, StreamDeleter>;

/// One that orders nothing with the default stream. Throws std::runtime_error.
[[nodiscard]] inline Stream make_stream() {
    cudaStream_t stream = nullptr;
    check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "make a stream");
    return Stream{stream};
}

}  // namespace hpogrid::kernels::cuda
