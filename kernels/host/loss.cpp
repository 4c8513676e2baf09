#include "kernels/api/loss.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/host/kernels.hpp"
#include "kernels/host/losses.hpp"

namespace hpogrid::kernels::host {
namespace {

/// Replaces the logits of one row by ∂loss/∂logit. \returns the loss
double differentiate(Loss loss, std::span<float> logits, float label) {
    const double value = loss_of(loss, logits, label);
    switch (loss) {
        case Loss::binary_cross_entropy:
            logits[0] = 1.0F / (1.0F + std::exp(-logits[0])) - label;
            break;
        case Loss::mean_squared_error:
            logits[0] = 2.0F * (logits[0] - label);
            break;
        case Loss::cross_entropy: {
            const float log_sum = log_sum_exp(logits);
            for (float& logit : logits) {
                logit = std::exp(logit - log_sum);
            }
            logits[static_cast<std::size_t>(label)] -= 1.0F;
            break;
        }
    }
    return value;
}

}  // namespace

void run(const LossGradient& args, Place place) {
    auto& [settings, progress] = row_of(args, place);
    const auto labels = args.labels[place.lane];
    const auto weights = args.weights[place.lane];
    const auto logits = args.logits[place.lane];
    const auto outputs = static_cast<std::size_t>(settings.units[static_cast<std::size_t>(args.layer)]);
    const auto columns = static_cast<std::size_t>(active_columns(settings, args.layer));
    const int rows = rows_at_work(progress, Phase::training);
    for (int i = 0; i < rows; ++i) {
        const std::span<float> row{logits.row(i), columns};
        const float weight = weights[static_cast<std::size_t>(i)];
        const double loss = differentiate(settings.loss, row.first(outputs), labels[static_cast<std::size_t>(i)]);
        for (float& gradient : row.first(outputs)) {
            gradient *= weight;
        }
        std::ranges::fill(row.subspan(outputs), 0.0F);
        progress.loss_sum += weight * loss;
        progress.weight_sum += weight;
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
