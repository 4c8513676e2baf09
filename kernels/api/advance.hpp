#pragma once

#include <algorithm>
#include <span>

#include "kernels/api/optimizer_step.hpp"
#include "kernels/api/slot_table.hpp"

namespace hpogrid::kernels {

/// The last kernel of a micro-batch: moves the slot on to its next one. A micro-batch ends where the batch or the epoch
/// ends, so that any batch size is possible.
struct Advance {
    std::span<SlotRow> table;  ///< [slot]
    Phase phase;
    std::span<const int> training_rows;    ///< [fold]
    std::span<const int> validation_rows;  ///< [fold]
    int micro_batch;                       ///< most rows of a micro-batch
};

/// Rows of the training micro-batch at the given place.
[[nodiscard]] constexpr int next_rows(const SlotRow& row, int training_rows, int micro_batch) {
    return std::min(
        {micro_batch, row.settings.batch_size - row.progress.accumulated, training_rows - row.progress.position});
}

/// Moves a slot on to its next micro-batch in training.
constexpr void advance_training(SlotRow& row, int training_rows, int micro_batch) {
    SlotProgress& progress = row.progress;
    const bool stepped = completes_batch(row, training_rows);
    progress.position += progress.rows;
    progress.accumulated += progress.rows;
    if (stepped) {
        progress.accumulated = 0;
        ++progress.step;
        --progress.steps_left;
    }
    if (progress.position == training_rows) {
        progress.position = 0;
        ++progress.epoch;
    }
    progress.rows = next_rows(row, training_rows, micro_batch);
}

/// The same in validation.
constexpr void advance_validation(SlotRow& row, int validation_rows, int micro_batch) {
    SlotProgress& progress = row.progress;
    progress.validation_position += progress.validation_rows;
    progress.validation_rows = std::min(micro_batch, validation_rows - progress.validation_position);
}

}  // namespace hpogrid::kernels
