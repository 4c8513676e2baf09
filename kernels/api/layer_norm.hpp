#pragma once

#include <span>

#include "kernels/api/arrays.hpp"
#include "kernels/api/slot_table.hpp"

namespace hpogrid::kernels {

/// Added to the variance, as in PyTorch.
inline constexpr float layer_norm_epsilon = 1e-5F;

/// Layer normalisation between a dense layer and its activation, over the slot's own units only:
/// y = γ·n + β with n = (x − mean) / √(variance + ε).
/// Source: Ba, Kiros, Hinton, "Layer normalization", arXiv:1607.06450, equations 3 and 4.
struct LayerNormForward {
    std::span<const SlotRow> table;  ///< [slot]
    Phase phase;
    int layer;
    VectorBatch<const float> gains;   ///< γ, [slot][unit]
    VectorBatch<const float> shifts;  ///< β, [slot][unit]
    MatrixBatch<float> values;        ///< in: x, out: y, [lane][row][unit]
    MatrixBatch<float> normalized;    ///< out: n, [lane][row][unit]
    VectorBatch<float> scales;        ///< out: 1 / √(variance + ε), [lane][row]
};

struct LayerNormBackward {
    std::span<const SlotRow> table;  ///< [slot]
    int layer;
    VectorBatch<const float> gains;       ///< γ, [slot][unit]
    MatrixBatch<const float> normalized;  ///< n, [lane][row][unit]
    VectorBatch<const float> scales;      ///< [lane][row]
    MatrixBatch<float> gradients;         ///< in: ∂loss/∂y, out: ∂loss/∂x, [lane][row][unit]
    VectorBatch<float> gain_gradients;    ///< in and out: adds to it, [slot][unit]
    VectorBatch<float> shift_gradients;   ///< in and out: adds to it, [slot][unit]
};

}  // namespace hpogrid::kernels
