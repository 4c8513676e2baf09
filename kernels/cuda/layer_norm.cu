#include "kernels/api/layer_norm.hpp"

#include "kernels/cuda/device.cuh"

namespace hpogrid::kernels::cuda {
namespace {

constexpr int rows_of_block = 8;  // a warp each
constexpr int units_of_block = 64;

[[nodiscard]] __device__ int row_of_warp() {
    return static_cast<int>(blockIdx.x * rows_of_block + threadIdx.y);
}

__global__ void normalize(LayerNormForward args, int first_slot) {
    const int slot = this_slot(first_slot);
    const SlotRow& row_of_slot = args.table[static_cast<std::size_t>(slot)];
    const int row = row_of_warp();
    if (row >= rows_at_work(row_of_slot.progress, args.phase)) {
        return;
    }
    const int units = active_units(row_of_slot.settings, args.layer);
    float* const values = args.values[slot].row(row);
    float* const normalized = args.normalized[slot].row(row);
    float sum = 0;
    for (int j = static_cast<int>(threadIdx.x); j < units; j += warp_size) {
        sum += values[j];
    }
    const float mean = warp_sum(sum) / static_cast<float>(units);
    float squares = 0;
    for (int j = static_cast<int>(threadIdx.x); j < units; j += warp_size) {
        squares += (values[j] - mean) * (values[j] - mean);
    }
    const float scale = 1.0F / sqrtf(warp_sum(squares) / static_cast<float>(units) + layer_norm_epsilon);
    if (threadIdx.x == 0) {
        args.scales[slot][static_cast<std::size_t>(row)] = scale;
    }
    const auto gains = args.gains[slot];
    const auto shifts = args.shifts[slot];
    for (int j = static_cast<int>(threadIdx.x); j < units; j += warp_size) {
        const auto unit = static_cast<std::size_t>(j);
        normalized[j] = (values[j] - mean) * scale;
        values[j] = normalized[j] * gains[unit] + shifts[unit];
    }
}

/// Before the gradients are replaced: each thread adds up a unit, row after row.
__global__ void add_parameter_gradients(LayerNormBackward args, int first_slot) {
    const int slot = this_slot(first_slot);
    const SlotRow& row_of_slot = args.table[static_cast<std::size_t>(slot)];
    const int rows = rows_at_work(row_of_slot.progress, Phase::training);
    const int unit = this_element();
    if (rows == 0 || unit >= active_units(row_of_slot.settings, args.layer)) {
        return;
    }
    const Matrix<float> gradients = args.gradients[slot];
    const Matrix<const float> normalized = args.normalized[slot];
    float gain = args.gain_gradients[slot][static_cast<std::size_t>(unit)];
    float shift = args.shift_gradients[slot][static_cast<std::size_t>(unit)];
    for (int i = 0; i < rows; ++i) {
        gain += gradients.row(i)[unit] * normalized.row(i)[unit];
        shift += gradients.row(i)[unit];
    }
    args.gain_gradients[slot][static_cast<std::size_t>(unit)] = gain;
    args.shift_gradients[slot][static_cast<std::size_t>(unit)] = shift;
}

__global__ void propagate(LayerNormBackward args, int first_slot) {
    const int slot = this_slot(first_slot);
    const SlotRow& row_of_slot = args.table[static_cast<std::size_t>(slot)];
    const int row = row_of_warp();
    if (row >= rows_at_work(row_of_slot.progress, Phase::training)) {
        return;
    }
    const int units = active_units(row_of_slot.settings, args.layer);
    const auto gains = args.gains[slot];
    float* const gradients = args.gradients[slot].row(row);
    const float* const normalized = args.normalized[slot].row(row);
    float sum = 0;
    float projection = 0;
    for (int j = static_cast<int>(threadIdx.x); j < units; j += warp_size) {
        const float scaled = gradients[j] * gains[static_cast<std::size_t>(j)];
        sum += scaled;
        projection += scaled * normalized[j];
    }
    const float mean = warp_sum(sum) / static_cast<float>(units);
    const float slope = warp_sum(projection) / static_cast<float>(units);
    const float scale = args.scales[slot][static_cast<std::size_t>(row)];
    for (int j = static_cast<int>(threadIdx.x); j < units; j += warp_size) {
        gradients[j] = scale * (gradients[j] * gains[static_cast<std::size_t>(j)] - mean - normalized[j] * slope);
    }
}

}  // namespace

void run(const LayerNormForward& args, const Launch& launch) {
    const int blocks = blocks_for(args.values.rows, rows_of_block);
    normalize<<<grid_of(blocks, launch), dim3{warp_size, rows_of_block}, 0, launch.stream>>>(args, launch.first_slot);
    check_launch("layer normalisation");
}

void run(const LayerNormBackward& args, const Launch& launch) {
    const int unit_blocks = blocks_for(args.gain_gradients.size, units_of_block);
    add_parameter_gradients<<<grid_of(unit_blocks, launch), units_of_block, 0, launch.stream>>>(args,
                                                                                                launch.first_slot);
    check_launch("gradients of layer normalisation");
    const int blocks = blocks_for(args.gradients.rows, rows_of_block);
    propagate<<<grid_of(blocks, launch), dim3{warp_size, rows_of_block}, 0, launch.stream>>>(args, launch.first_slot);
    check_launch("layer normalisation backward");
}

}  // namespace hpogrid::kernels::cuda
