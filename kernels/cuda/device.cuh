#pragma once

#include "kernels/api/slot_table.hpp"
#include "kernels/cuda/error.hpp"
#include "kernels/cuda/launch.hpp"

/// What the kernels have in common. A block works on one slot, blockIdx.y; its lane is the slot.
namespace hpogrid::kernels::cuda {

inline constexpr int warp_size = 32;

/// The slot of this block.
[[nodiscard]] __device__ inline int this_slot(int first_slot) {
    return first_slot + static_cast<int>(blockIdx.y);
}
/// Which element along x this thread is.
[[nodiscard]] __device__ inline int this_element() {
    return static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
}
[[nodiscard]] __device__ inline int active_units(const SlotSettings& settings, int layer) {
    return settings.units[static_cast<std::size_t>(layer)];
}
[[nodiscard]] __device__ inline int active_columns(const SlotSettings& settings, int layer) {
    return padded(active_units(settings, layer));
}

[[nodiscard]] constexpr int blocks_for(int elements, int threads) {
    return (elements + threads - 1) / threads;
}
/// A grid with `x` blocks for each slot.
[[nodiscard]] inline dim3 grid_of(int x, const Launch& launch) {
    return {static_cast<unsigned>(x), static_cast<unsigned>(launch.slots)};
}
/// Throws if the latest launch was refused.
inline void check_launch(const char* kernel) {
    check(cudaGetLastError(), kernel);
}

/// Sum over a block, in an order of its own that is always the same. For every thread of the block; the result is that
/// of thread 0. \param shared [threads]
template <class T>
[[nodiscard]] __device__ T block_sum(T value, T* shared) {
    shared[threadIdx.x] = value;
    __syncthreads();
    for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            shared[threadIdx.x] += shared[threadIdx.x + half];
        }
        __syncthreads();
    }
    const T sum = shared[0];
    __syncthreads();
    return sum;
}

/// Sum over a warp, the same in each of its lanes.
[[nodiscard]] __device__ inline float warp_sum(float value) {
    for (int distance = warp_size / 2; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(0xFFFFFFFFU, value, distance);
    }
    return value;
}

}  // namespace hpogrid::kernels::cuda
