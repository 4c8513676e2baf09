#include "kernels/api/loss.hpp"

#include "kernels/cuda/device.cuh"

namespace hpogrid::kernels::cuda {
namespace {

constexpr int threads = 256;

[[nodiscard]] __device__ float log_sum_exp(const float* logits, int outputs) {
    float largest = logits[0];
    for (int i = 1; i < outputs; ++i) {
        largest = fmaxf(largest, logits[i]);
    }
    float sum = 0;
    for (int i = 0; i < outputs; ++i) {
        sum += expf(logits[i] - largest);
    }
    return largest + logf(sum);
}

/// Replaces the logits of one row by ∂loss/∂logit. \returns the loss
[[nodiscard]] __device__ float differentiate(Loss loss, float* logits, int outputs, float label) {
    const float z = logits[0];
    if (loss == Loss::mean_squared_error) {
        logits[0] = 2.0F * (z - label);
        return (z - label) * (z - label);
    }
    if (loss == Loss::binary_cross_entropy) {
        const float e = expf(-fabsf(z));
        logits[0] = (z < 0.0F ? e : 1.0F) / (1.0F + e) - label;
        return (z < 0.0F ? 0.0F : z) - z * label + log1pf(e);
    }
    const float log_sum = log_sum_exp(logits, outputs);
    const auto right = static_cast<int>(label);
    const float value = log_sum - logits[right];
    for (int i = 0; i < outputs; ++i) {
        logits[i] = expf(logits[i] - log_sum);
    }
    logits[right] -= 1.0F;
    return value;
}

/// One block for a slot: its threads share the rows.
__global__ void differentiate_rows(LossGradient args, int first_slot) {
    __shared__ double shared[threads];
    const int slot = this_slot(first_slot);
    SlotRow& row_of_slot = args.table[static_cast<std::size_t>(slot)];
    const int rows = rows_at_work(row_of_slot.progress, Phase::training);
    if (rows == 0) {
        return;
    }
    const int outputs = active_units(row_of_slot.settings, args.layer);
    const int columns = padded(outputs);
    double loss_sum = 0;
    double weight_sum = 0;
    for (int i = static_cast<int>(threadIdx.x); i < rows; i += threads) {
        const auto index = static_cast<std::size_t>(i);
        float* const logits = args.logits[slot].row(i);
        const float weight = args.weights[slot][index];
        const float loss = differentiate(row_of_slot.settings.loss, logits, outputs, args.labels[slot][index]);
        for (int j = 0; j < columns; ++j) {
            logits[j] = j < outputs ? logits[j] * weight : 0.0F;
        }
        loss_sum += double{weight} * double{loss};
        weight_sum += weight;
    }
    const double loss_of_block = block_sum(loss_sum, shared);
    const double weight_of_block = block_sum(weight_sum, shared);
    if (threadIdx.x == 0) {
        row_of_slot.progress.loss_sum += loss_of_block;
        row_of_slot.progress.weight_sum += weight_of_block;
    }
}

__global__ void store(StoreLogits args, int first_slot) {
    const int slot = this_slot(first_slot);
    const SlotProgress& progress = args.table[static_cast<std::size_t>(slot)].progress;
    const Matrix<float> stored = args.stored[slot];
    const int row = this_element() / stored.columns;
    const int column = this_element() % stored.columns;
    if (row < rows_at_work(progress, Phase::validation)) {
        stored.row(progress.validation_position + row)[column] = args.logits[slot].row(row)[column];
    }
}

}  // namespace

void run(const LossGradient& args, const Launch& launch) {
    differentiate_rows<<<grid_of(1, launch), threads, 0, launch.stream>>>(args, launch.first_slot);
    check_launch("loss");
}

void run(const StoreLogits& args, const Launch& launch) {
    const int elements = args.logits.rows * args.stored.columns;
    store<<<grid_of(blocks_for(elements, threads), launch), threads, 0, launch.stream>>>(args, launch.first_slot);
    check_launch("logits");
}

}  // namespace hpogrid::kernels::cuda
