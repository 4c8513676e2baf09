#include "kernels/api/activation.hpp"

#include "kernels/api/dropout.hpp"
#include "kernels/cuda/device.cuh"

namespace hpogrid::kernels::cuda {
namespace {

constexpr int threads = 256;

struct ValueAndSlope {
    float value;
    float slope;
};

[[nodiscard]] __device__ ValueAndSlope sigmoid(float x) {
    const float value = 1.0F / (1.0F + expf(-x));
    return {value, value * (1.0F - value)};
}

[[nodiscard]] __device__ ValueAndSlope gelu(float x) {
    constexpr float inverse_root_2_pi = 0.39894228040143268F;
    const float cdf = normcdff(x);
    return {x * cdf, cdf + x * inverse_root_2_pi * expf(-0.5F * x * x)};
}

// Comparisons are written so that not a number passes through: x < 0 is false for it.
[[nodiscard]] __device__ ValueAndSlope apply(Activation activation, float x) {
    switch (activation) {
        case Activation::relu:
            return {x < 0.0F ? 0.0F : x, x > 0.0F ? 1.0F : 0.0F};
        case Activation::gelu:
            return gelu(x);
        case Activation::silu: {
            const float s = sigmoid(x).value;
            return {x * s, s * (1.0F + x * (1.0F - s))};
        }
        case Activation::tanh: {
            const float value = tanhf(x);
            return {value, 1.0F - value * value};
        }
        case Activation::elu:
            return {x < 0.0F ? expm1f(x) : x, x > 0.0F ? 1.0F : expf(x)};
        case Activation::sigmoid:
            return sigmoid(x);
        case Activation::leaky_relu:
            return {x < 0.0F ? 0.01F * x : x, x > 0.0F ? 1.0F : 0.01F};
    }
    return {};
}

[[nodiscard]] __device__ float dropout_factor(const Activate& args, const SlotRow& slot, int row, int unit) {
    if (args.phase != Phase::training || slot.settings.dropout <= 0.0F) {
        return 1.0F;
    }
    const Dropout dropout{slot.settings.dropout};
    const DropoutPlace place{slot.settings.key, static_cast<std::uint32_t>(slot.progress.epoch),
                             static_cast<std::uint32_t>(slot.progress.position + row),
                             static_cast<std::uint32_t>(args.layer)};
    return dropout_bits(place, static_cast<std::uint32_t>(unit)) < dropout.threshold ? 0.0F : dropout.factor;
}

__global__ void activate(Activate args, int first_slot) {
    const int slot = this_slot(first_slot);
    const SlotRow& row_of_slot = args.table[static_cast<std::size_t>(slot)];
    const int rows = rows_at_work(row_of_slot.progress, args.phase);
    if (rows == 0) {
        return;  // a free slot has no units to divide by
    }
    const int columns = active_columns(row_of_slot.settings, args.layer);
    const int row = this_element() / columns;
    const int unit = this_element() % columns;
    if (row >= rows) {
        return;
    }
    float& argument = args.arguments[slot].row(row)[unit];
    float& value = args.values[slot].row(row)[unit];
    if (unit >= active_units(row_of_slot.settings, args.layer)) {
        value = 0.0F;
        argument = 0.0F;
        return;
    }
    const ValueAndSlope of = apply(row_of_slot.settings.activation, argument);
    const float factor = dropout_factor(args, row_of_slot, row, unit);
    value = of.value * factor;
    if (args.phase == Phase::training) {
        argument = of.slope * factor;
    }
}

__global__ void activate_backward(ActivateBackward args, int first_slot) {
    const int slot = this_slot(first_slot);
    const SlotRow& row_of_slot = args.table[static_cast<std::size_t>(slot)];
    const int rows = rows_at_work(row_of_slot.progress, Phase::training);
    if (rows == 0) {
        return;
    }
    const int columns = active_columns(row_of_slot.settings, args.layer);
    const int row = this_element() / columns;
    const int unit = this_element() % columns;
    if (row < rows) {
        args.gradients[slot].row(row)[unit] *= args.derivatives[slot].row(row)[unit];
    }
}

}  // namespace

void run(const Activate& args, const Launch& launch) {
    const int elements = args.values.rows * args.values.columns;
    activate<<<grid_of(blocks_for(elements, threads), launch), threads, 0, launch.stream>>>(args, launch.first_slot);
    check_launch("activate");
}

void run(const ActivateBackward& args, const Launch& launch) {
    const int elements = args.gradients.rows * args.gradients.columns;
    activate_backward<<<grid_of(blocks_for(elements, threads), launch), threads, 0, launch.stream>>>(args,
                                                                                                     launch.first_slot);
    check_launch("activate backward");
}

}  // namespace hpogrid::kernels::cuda
