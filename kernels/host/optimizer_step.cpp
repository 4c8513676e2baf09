#include "kernels/api/optimizer_step.hpp"

#include <cmath>

#include "kernels/host/kernels.hpp"

namespace hpogrid::kernels::host {
namespace {

/// What is the same for all parameters of a step.
struct StepConstants {
    float gradient_scale;
    float learning_rate;
    float beta1;
    float beta2;
    float epsilon;
    float weight_decay;
    float first_scale;   ///< learning rate / (1 − β₁ᵗ)
    float second_scale;  ///< 1 / √(1 − β₂ᵗ)
};

StepConstants constants_of(const SlotSettings& settings, const SlotProgress& progress) {
    const auto t = static_cast<double>(progress.step + 1);
    const float learning_rate = scheduled_learning_rate(settings, progress.step);
    return {.gradient_scale = 1.0F / static_cast<float>(progress.accumulated + progress.rows),
            .learning_rate = learning_rate,
            .beta1 = settings.beta1,
            .beta2 = settings.beta2,
            .epsilon = settings.epsilon,
            .weight_decay = settings.weight_decay,
            .first_scale = static_cast<float>(learning_rate / (1 - std::pow(double{settings.beta1}, t))),
            .second_scale = static_cast<float>(1 / std::sqrt(1 - std::pow(double{settings.beta2}, t)))};
}

/// Each moves one parameter. \param gradient mean over the batch
struct Sgd {
    static void step(const StepConstants& c, float gradient, float& parameter, float& momentum, float&) {
        momentum = c.beta1 * momentum + (gradient + c.weight_decay * parameter);
        parameter -= c.learning_rate * momentum;
    }
};
struct Adam {
    static void step(const StepConstants& c, float gradient, float& parameter, float& first, float& second) {
        gradient += c.weight_decay * parameter;
        first = c.beta1 * first + (1.0F - c.beta1) * gradient;
        second = c.beta2 * second + (1.0F - c.beta2) * gradient * gradient;
        parameter -= c.first_scale * first / (std::sqrt(second) * c.second_scale + c.epsilon);
    }
};
struct AdamW {
    static void step(StepConstants c, float gradient, float& parameter, float& first, float& second) {
        parameter -= c.learning_rate * c.weight_decay * parameter;
        c.weight_decay = 0;
        Adam::step(c, gradient, parameter, first, second);
    }
};
struct RmsProp {
    static void step(const StepConstants& c, float gradient, float& parameter, float&, float& square) {
        gradient += c.weight_decay * parameter;
        square = c.beta2 * square + (1.0F - c.beta2) * gradient * gradient;
        parameter -= c.learning_rate * gradient / (std::sqrt(square) + c.epsilon);
    }
};

template <class Rule>
void step_all(const OptimizerStep& args, Place place, const StepConstants& constants) {
    const std::size_t size = args.parameters[place.slot].size();
    float* const parameters = args.parameters[place.slot].data();
    float* const gradients = args.gradients[place.slot].data();
    float* const first = args.first_moments[place.slot].data();
    float* const second = args.second_moments[place.slot].data();
    dispatch([=, &constants](auto) {
        const StepConstants c = constants;
        for (std::size_t i = 0; i < size; ++i) {
            Rule::step(c, gradients[i] * c.gradient_scale, parameters[i], first[i], second[i]);
            gradients[i] = 0.0F;
        }
    });
}

}  // namespace

void run(const OptimizerStep& args, Place place) {
    const SlotRow& row = row_of(args, place);
    const auto fold = static_cast<std::size_t>(row.settings.fold);
    if (!completes_batch(row, args.training_rows[fold])) {
        return;
    }
    const StepConstants constants = constants_of(row.settings, row.progress);
    switch (row.settings.optimizer) {
        case Optimizer::sgd:
            step_all<Sgd>(args, place, constants);
            break;
        case Optimizer::adam:
            step_all<Adam>(args, place, constants);
            break;
        case Optimizer::adamw:
            step_all<AdamW>(args, place, constants);
            break;
        case Optimizer::rmsprop:
            step_all<RmsProp>(args, place, constants);
            break;
    }
}

}  // namespace hpogrid::kernels::host
