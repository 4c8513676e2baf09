#include "kernels/api/optimizer_step.hpp"

#include "kernels/cuda/device.cuh"

namespace hpogrid::kernels::cuda {
namespace {

constexpr int threads = 256;

/// What is the same for all parameters of a step.
struct StepConstants {
    float gradient_scale;
    float learning_rate;
    float first_scale;   ///< learning rate / (1 − β₁ᵗ)
    float second_scale;  ///< 1 / √(1 − β₂ᵗ)
};

[[nodiscard]] __device__ StepConstants constants_of(const SlotSettings& settings, const SlotProgress& progress) {
    const auto t = static_cast<double>(progress.step + 1);
    const float learning_rate = scheduled_learning_rate(settings, progress.step);
    return {1.0F / static_cast<float>(progress.accumulated + progress.rows), learning_rate,
            static_cast<float>(learning_rate / (1 - pow(double{settings.beta1}, t))),
            static_cast<float>(1 / sqrt(1 - pow(double{settings.beta2}, t)))};
}

/// Moves one parameter. \param gradient mean over the batch
__device__ void step(const SlotSettings& settings, const StepConstants& c, float gradient, float& parameter,
                     float& first, float& second) {
    float decay = settings.weight_decay;
    switch (settings.optimizer) {
        case Optimizer::sgd:
            first = settings.beta1 * first + (gradient + decay * parameter);
            parameter -= c.learning_rate * first;
            return;
        case Optimizer::rmsprop:
            gradient += decay * parameter;
            second = settings.beta2 * second + (1.0F - settings.beta2) * gradient * gradient;
            parameter -= c.learning_rate * gradient / (sqrtf(second) + settings.epsilon);
            return;
        case Optimizer::adamw:
            parameter -= c.learning_rate * decay * parameter;
            decay = 0.0F;
            [[fallthrough]];
        case Optimizer::adam:
            gradient += decay * parameter;
            first = settings.beta1 * first + (1.0F - settings.beta1) * gradient;
            second = settings.beta2 * second + (1.0F - settings.beta2) * gradient * gradient;
            parameter -= c.first_scale * first / (sqrtf(second) * c.second_scale + settings.epsilon);
            return;
    }
}

__global__ void step_all(OptimizerStep args, int first_slot) {
    __shared__ StepConstants constants;
    const int slot = this_slot(first_slot);
    const SlotRow& row = args.table[static_cast<std::size_t>(slot)];
    const int training_rows = args.training_rows[static_cast<std::size_t>(row.settings.fold)];
    if (row.progress.steps_left == 0 || !completes_batch(row, training_rows)) {
        return;
    }
    if (threadIdx.x == 0) {
        constants = constants_of(row.settings, row.progress);
    }
    __syncthreads();
    const int element = this_element();
    if (element >= args.parameters.size) {
        return;
    }
    const auto i = static_cast<std::size_t>(element);
    float& gradient = args.gradients[slot][i];
    step(row.settings, constants, gradient * constants.gradient_scale, args.parameters[slot][i],
         args.first_moments[slot][i], args.second_moments[slot][i]);
    gradient = 0.0F;
}

}  // namespace

void run(const OptimizerStep& args, const Launch& launch) {
    step_all<<<grid_of(blocks_for(args.parameters.size, threads), launch), threads, 0, launch.stream>>>(
        args, launch.first_slot);
    check_launch("optimizer step");
}

}  // namespace hpogrid::kernels::cuda
