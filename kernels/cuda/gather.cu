#include "kernels/api/gather.hpp"

#include "kernels/api/permutation.hpp"
#include "kernels/cuda/device.cuh"

namespace hpogrid::kernels::cuda {
namespace {

constexpr int rows_of_block = 8;  // a warp each

[[nodiscard]] __device__ std::uint32_t chosen_row(const Gather& args, const SlotRow& slot, int index) {
    const SlotProgress& progress = slot.progress;
    const Fold fold = args.data.folds[static_cast<std::size_t>(slot.settings.fold)];
    if (args.phase == Phase::validation) {
        return static_cast<std::uint32_t>(fold.validation_begin + progress.validation_position + index);
    }
    const auto training_rows = static_cast<std::uint32_t>(fold.training_rows(args.data.features.rows));
    const Permutation shuffled{slot.settings.key, static_cast<std::uint32_t>(progress.epoch), training_rows};
    const std::uint32_t row = shuffled(static_cast<std::uint32_t>(progress.position + index));
    return static_cast<std::uint32_t>(fold.training_row(static_cast<int>(row)));
}

__global__ void gather(Gather args, int first_slot) {
    const int slot = this_slot(first_slot);
    const SlotRow& row_of_slot = args.table[static_cast<std::size_t>(slot)];
    const int index = static_cast<int>(blockIdx.x * rows_of_block + threadIdx.y);
    if (index >= rows_at_work(row_of_slot.progress, args.phase)) {
        return;
    }
    const int fold = row_of_slot.settings.fold;
    const std::uint32_t row = chosen_row(args, row_of_slot, index);
    const float* const features = args.data.features.row(static_cast<int>(row));
    const float* const means = args.data.means.row(fold);
    const float* const scales = args.data.scales.row(fold);
    const Matrix<float> inputs = args.inputs[slot];
    for (int j = static_cast<int>(threadIdx.x); j < inputs.columns; j += warp_size) {
        inputs.row(index)[j] = (features[j] - means[j]) * scales[j];
    }
    if (threadIdx.x == 0) {
        const float weight_scale =
            args.phase == Phase::training ? args.data.weight_scales[static_cast<std::size_t>(fold)] : 1.0F;
        const auto at = static_cast<std::size_t>(index);
        args.rows[slot][at] = row;
        args.labels[slot][at] = args.data.labels[row];
        args.weights[slot][at] = args.data.weights[row] * weight_scale;
    }
}

}  // namespace

void run(const Gather& args, const Launch& launch) {
    const dim3 block{warp_size, rows_of_block};
    gather<<<grid_of(blocks_for(args.inputs.rows, rows_of_block), launch), block, 0, launch.stream>>>(
        args, launch.first_slot);
    check_launch("gather");
}

}  // namespace hpogrid::kernels::cuda
