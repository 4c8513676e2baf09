#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>

namespace hpogrid::kernels::cuda {

/// Throws std::runtime_error "CUDA cannot <what>: <what CUDA says>" unless `status` is cudaSuccess.
void check(cudaError_t status, const char* what);
/// The same for destructors: what cannot be freed stays.
inline void ignore(cudaError_t) noexcept {}

/// Copies between host and device, in either direction or within the device, and waits for it. Streams of their own
/// order nothing with each other: all copies and all that waits for them go through one.
void copy(void* to, const void* from, std::size_t bytes, cudaStream_t stream);

}  // namespace hpogrid::kernels::cuda
