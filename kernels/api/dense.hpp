#pragma once

#include <span>

#include "kernels/api/arrays.hpp"
#include "kernels/api/slot_table.hpp"

namespace hpogrid::kernels {

/// A fully connected layer, z = W·x + b, in three kernels. Units beyond a slot's own are zero in all arrays and stay
/// so.

struct DenseForward {
    std::span<const SlotRow> table;  ///< [slot]
    Phase phase;
    int layer;                         ///< 0 is the first hidden one
    MatrixBatch<const float> inputs;   ///< [lane][row][in]
    MatrixBatch<const float> weights;  ///< [slot][out][in]
    VectorBatch<const float> biases;   ///< [slot][out]
    MatrixBatch<float> outputs;        ///< out, [lane][row][out]
};

/// Adds ∂loss/∂W and ∂loss/∂b of the micro-batch to what earlier ones of the batch have left.
struct DenseWeightGradient {
    std::span<const SlotRow> table;             ///< [slot]
    int layer;                                  ///< 0 is the first hidden one
    MatrixBatch<const float> inputs;            ///< [lane][row][in]
    MatrixBatch<const float> output_gradients;  ///< [lane][row][out]
    MatrixBatch<float> weight_gradients;        ///< in and out, [slot][out][in]
    VectorBatch<float> bias_gradients;          ///< in and out, [slot][out]
};

/// ∂loss/∂x = Wᵀ·∂loss/∂z
struct DenseInputGradient {
    std::span<const SlotRow> table;             ///< [slot]
    int layer;                                  ///< 1 or more: nobody needs the gradient of the features
    MatrixBatch<const float> output_gradients;  ///< [lane][row][out]
    MatrixBatch<const float> weights;           ///< [slot][out][in]
    MatrixBatch<float> input_gradients;         ///< out, [lane][row][in]
};

}  // namespace hpogrid::kernels
