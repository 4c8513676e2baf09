#include "kernels/api/loss.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/host/kernels.hpp"
#include "kernels/host/losses.hpp"
#include "kernels/host/vector_math.hpp"

namespace hpogrid::kernels::host {
namespace {

/// Replaces the logits of one row by ∂loss/∂logit. \returns the loss
double differentiate(Loss loss, std::span<float> logits, float label) {
    const double value = loss_of(loss, logits, label);
    if (loss == Loss::mean_squared_error) {
        logits[0] = 2.0F * (logits[0] - label);
        return value;
    }
    const float log_sum = log_sum_exp(logits);
    for (float& logit : logits) {
        logit = std::exp(logit - log_sum);
    }
    logits[static_cast<std::size_t>(label)] -= 1.0F;
    return value;
}

/// The same for binary cross-entropy in SIMD: the most frequent loss, and in small networks a large part of the work.
inline float differentiate_binary(float label, float& logit) {
    const float z = logit;
    const float e = fast_exp(-std::fabs(z));
    logit = (z < 0.0F ? e : 1.0F) / (1.0F + e) - label;
    return (z < 0.0F ? 0.0F : z) - z * label + fast_log1p(e);
}

/// A block of rows, so that its losses fit on the stack.
constexpr int block_rows = 256;

/// What a slot adds to its sums, and its gradients before their weights.
struct LossOfRows {
    float losses[block_rows];
    int count;
};

void differentiate_block(const LossGradient& args, Place place, int first, LossOfRows& block) {
    const SlotSettings& settings = row_of(args, place).settings;
    const auto logits = args.logits[place.lane];
    const float* const labels = &args.labels[place.lane][static_cast<std::size_t>(first)];
    if (settings.loss != Loss::binary_cross_entropy) {
        const auto outputs = static_cast<std::size_t>(active_units(settings, args.layer));
        for (int i = 0; i < block.count; ++i) {
            const std::span<float> row{logits.row(first + i), outputs};
            block.losses[i] = static_cast<float>(differentiate(settings.loss, row, labels[i]));
        }
        return;
    }
    dispatch([&](auto) {
        float gradients[block_rows];
        const int count = block.count;
        for (int i = 0; i < count; ++i) {
            gradients[i] = logits.row(first + i)[0];
        }
        for (int i = 0; i < count; ++i) {
            block.losses[i] = differentiate_binary(labels[i], gradients[i]);
        }
        for (int i = 0; i < count; ++i) {
            logits.row(first + i)[0] = gradients[i];
        }
    });
}

}  // namespace

void run(const LossGradient& args, Place place) {
    auto& [settings, progress] = row_of(args, place);
    const auto weights = args.weights[place.lane];
    const auto logits = args.logits[place.lane];
    const int outputs = active_units(settings, args.layer);
    const int columns = active_columns(settings, args.layer);
    const int rows = rows_at_work(progress, Phase::training);
    LossOfRows block{};
    for (int first = 0; first < rows; first += block_rows) {
        block.count = std::min(block_rows, rows - first);
        differentiate_block(args, place, first, block);
        for (int i = 0; i < block.count; ++i) {
            const float weight = weights[static_cast<std::size_t>(first + i)];
            float* const gradients = logits.row(first + i);
            for (int output = 0; output < outputs; ++output) {
                gradients[output] *= weight;
            }
            std::fill(gradients + outputs, gradients + columns, 0.0F);
            progress.loss_sum += double{weight} * double{block.losses[i]};
            progress.weight_sum += weight;
        }
    }
}

void run(const StoreLogits& args, Place place) {
    const SlotProgress& progress = row_of(args, place).progress;
    const auto logits = args.logits[place.lane];
    const auto stored = args.stored[place.slot];
    const int rows = rows_at_work(progress, Phase::validation);
    for (int i = 0; i < rows; ++i) {
        std::copy_n(logits.row(i), stored.columns, stored.row(progress.validation_position + i));
    }
}

}  // namespace hpogrid::kernels::host
