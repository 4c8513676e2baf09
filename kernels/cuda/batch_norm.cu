#include "kernels/api/batch_norm.hpp"

#include "kernels/cuda/device.cuh"

namespace hpogrid::kernels::cuda {
namespace {

// A thread takes a unit through all rows of the micro-batch.
constexpr int threads = 64;

__device__ void move_towards(float& running, float newest) {
    running += batch_norm_momentum * (newest - running);
}

__device__ void normalize_micro_batch(const BatchNormForward& args, int slot, int rows, int unit) {
    const auto index = static_cast<std::size_t>(unit);
    const Matrix<float> values = args.values[slot];
    const Matrix<float> normalized = args.normalized[slot];
    const auto count = static_cast<float>(rows);
    float mean = 0;
    for (int i = 0; i < rows; ++i) {
        mean += values.row(i)[unit];
    }
    mean /= count;
    float variance = 0;
    for (int i = 0; i < rows; ++i) {
        const float distance = values.row(i)[unit] - mean;
        variance += distance * distance;
    }
    variance /= count;
    const float scale = 1.0F / sqrtf(variance + batch_norm_epsilon);
    args.scales[slot][index] = scale;
    for (int i = 0; i < rows; ++i) {
        const float n = (values.row(i)[unit] - mean) * scale;
        normalized.row(i)[unit] = n;
        values.row(i)[unit] = n * args.gains[slot][index] + args.shifts[slot][index];
    }
    if (rows > 1) {
        move_towards(args.means[slot][index], mean);
        move_towards(args.variances[slot][index], variance * (count / (count - 1.0F)));
    }
}

__device__ void normalize_by_running_statistics(const BatchNormForward& args, int slot, int rows, int unit) {
    const auto index = static_cast<std::size_t>(unit);
    const Matrix<float> values = args.values[slot];
    const float mean = args.means[slot][index];
    const float scale = 1.0F / sqrtf(args.variances[slot][index] + batch_norm_epsilon);
    for (int i = 0; i < rows; ++i) {
        values.row(i)[unit] = (values.row(i)[unit] - mean) * scale * args.gains[slot][index] + args.shifts[slot][index];
    }
}

__global__ void normalize(BatchNormForward args, int first_slot) {
    const int slot = this_slot(first_slot);
    const SlotRow& row_of_slot = args.table[static_cast<std::size_t>(slot)];
    const int rows = rows_at_work(row_of_slot.progress, args.phase);
    const int unit = this_element();
    if (rows == 0 || unit >= active_units(row_of_slot.settings, args.layer)) {
        return;
    }
    if (args.phase == Phase::training) {
        normalize_micro_batch(args, slot, rows, unit);
    } else {
        normalize_by_running_statistics(args, slot, rows, unit);
    }
}

__global__ void propagate(BatchNormBackward args, int first_slot) {
    const int slot = this_slot(first_slot);
    const SlotRow& row_of_slot = args.table[static_cast<std::size_t>(slot)];
    const int rows = rows_at_work(row_of_slot.progress, Phase::training);
    const int unit = this_element();
    if (rows == 0 || unit >= active_units(row_of_slot.settings, args.layer)) {
        return;
    }
    const auto index = static_cast<std::size_t>(unit);
    const Matrix<float> gradients = args.gradients[slot];
    const Matrix<const float> normalized = args.normalized[slot];
    const auto count = static_cast<float>(rows);
    float sum = 0;
    float projection = 0;
    for (int i = 0; i < rows; ++i) {
        sum += gradients.row(i)[unit];
        projection += gradients.row(i)[unit] * normalized.row(i)[unit];
    }
    args.gain_gradients[slot][index] += projection;
    args.shift_gradients[slot][index] += sum;
    const float factor = args.scales[slot][index] * args.gains[slot][index];
    for (int i = 0; i < rows; ++i) {
        gradients.row(i)[unit] =
            factor * (gradients.row(i)[unit] - sum / count - normalized.row(i)[unit] * projection / count);
    }
}

}  // namespace

void run(const BatchNormForward& args, const Launch& launch) {
    normalize<<<grid_of(blocks_for(args.gains.size, threads), launch), threads, 0, launch.stream>>>(args,
                                                                                                    launch.first_slot);
    check_launch("batch normalisation");
}

void run(const BatchNormBackward& args, const Launch& launch) {
    propagate<<<grid_of(blocks_for(args.gains.size, threads), launch), threads, 0, launch.stream>>>(args,
                                                                                                    launch.first_slot);
    check_launch("batch normalisation backward");
}

}  // namespace hpogrid::kernels::cuda
