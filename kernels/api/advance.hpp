#pragma once

#include <algorithm>
#include <span>

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

}  // namespace hpogrid::kernels
