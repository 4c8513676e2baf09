#pragma once

#include <cuda_runtime_api.h>

#include "kernels/api/metrics.hpp"

namespace hpogrid::kernels::cuda {

/// Computes a slot's metrics on the host, from a copy of its scores: once an epoch, and a sum in an order that no
/// parallel scan would keep.
void compute_metrics(const ComputeMetrics& args, int slot, cudaStream_t stream);

}  // namespace hpogrid::kernels::cuda
