#pragma once

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
[[nodiscard]] float scheduled_learning_rate(const SlotSettings& settings, std::int64_t step);

}  // namespace hpogrid::kernels
