#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "kernels/api/arrays.hpp"
#include "kernels/api/slot_table.hpp"

namespace hpogrid::kernels {

/// One step of the slot's optimiser, if this micro-batch completes its batch (or its epoch): reads the mean gradient,
/// moves the parameters, and clears the gradients for the next batch. Formulas, order of operations and the meaning of
/// every constant are those of PyTorch's torch.optim.SGD (no dampening, no Nesterov), Adam, AdamW and RMSprop (not
/// centred). Sources: Kingma, Ba, arXiv:1412.6980, algorithm 1; Loshchilov, Hutter, arXiv:1711.05101, algorithm 2.
struct OptimizerStep {
    std::span<const SlotRow> table;      ///< [slot]
    std::span<const int> training_rows;  ///< [fold]
    VectorBatch<float> parameters;       ///< in and out, [slot][parameter]
    VectorBatch<float> gradients;        ///< in: sums over the batch, out: 0, [slot][parameter]
    VectorBatch<float> first_moments;    ///< in and out, [slot][parameter]; momentum of SGD
    VectorBatch<float> second_moments;   ///< in and out, [slot][parameter]
};

/// Whether the micro-batch at hand completes a batch: it is full, or the epoch ends.
[[nodiscard]] constexpr bool completes_batch(const SlotRow& row, int training_rows) {
    const SlotProgress& progress = row.progress;
    return progress.accumulated + progress.rows == row.settings.batch_size ||
           progress.position + progress.rows == training_rows;
}

/// The learning rate of step `step`, counted from 0.
[[nodiscard]] constexpr float scheduled_learning_rate(const SlotSettings& settings, std::int64_t step) {
    if (step < settings.warmup_steps) {
        return settings.learning_rate * static_cast<float>(step + 1) / static_cast<float>(settings.warmup_steps);
    }
    double factor = 1;
    const std::int64_t since = step - settings.warmup_steps;
    switch (settings.schedule) {
        case Schedule::constant:
            break;
        case Schedule::cosine: {
            const std::int64_t span = std::max(settings.decay_steps - settings.warmup_steps, 1);
            const double share = std::min(1.0, static_cast<double>(since) / static_cast<double>(span));
            const double floor = settings.decay_factor;
            factor = floor + (1 - floor) * 0.5 * (1 + std::cos(std::numbers::pi * share));
            break;
        }
        case Schedule::step: {
            const std::int64_t falls = since / std::max(settings.decay_steps, 1);
            factor = std::pow(static_cast<double>(settings.decay_factor), static_cast<double>(falls));
            break;
        }
    }
    return static_cast<float>(settings.learning_rate * factor);
}

}  // namespace hpogrid::kernels
