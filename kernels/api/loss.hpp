#pragma once

#include <span>

#include "kernels/api/arrays.hpp"
#include "kernels/api/slot_table.hpp"

namespace hpogrid::kernels {

/// Replaces the logits by w·∂loss/∂logit of each row, and adds w·loss and w to the slot's sums. The optimiser divides
/// by the number of rows in the batch: weights have a mean of 1, and sums of weights may be zero or negative.
struct LossGradient {
    std::span<SlotRow> table;          ///< [slot]
    int layer;                         ///< of the outputs
    MatrixBatch<float> logits;         ///< in: logits, out: gradients, [lane][row][output]
    VectorBatch<const float> labels;   ///< [lane][row]
    VectorBatch<const float> weights;  ///< [lane][row]
};

/// Keeps the logits of validation rows until all are there.
struct StoreLogits {
    std::span<const SlotRow> table;   ///< [slot]
    MatrixBatch<const float> logits;  ///< [lane][row][output]
    MatrixBatch<float> stored;        ///< out, [slot][validation row][output]
};

}  // namespace hpogrid::kernels
