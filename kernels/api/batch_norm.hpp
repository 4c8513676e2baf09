#pragma once

#include <span>

#include "kernels/api/arrays.hpp"
#include "kernels/api/slot_table.hpp"

namespace hpogrid::kernels {

/// Added to the variance, as in PyTorch.
inline constexpr float batch_norm_epsilon = 1e-5F;
/// Share of the newest micro-batch in the running statistics, as in PyTorch.
inline constexpr float batch_norm_momentum = 0.1F;

/// Batch normalisation between a dense layer and its activation: y = γ·n + β with n = (x − mean) / √(variance + ε), for
/// each of the slot's own units over the rows of the slot's own micro-batch. Source: Ioffe, Szegedy, "Batch
/// normalization", arXiv:1502.03167, algorithm 1; for batches that are made of several micro-batches, the "ghost"
/// batches of Hoffer, Hubara, Soudry, arXiv:1705.08741, section 4. Results are comparable for one size of micro-batches
/// only.
///
/// In validation the running statistics serve instead: averages that move by `batch_norm_momentum` with each
/// micro-batch, of the variance without bias (divided by rows − 1), as in PyTorch. A micro-batch of one row has no
/// variance: its n is 0, and the running statistics stay.
struct BatchNormForward {
    std::span<const SlotRow> table;  ///< [slot]
    Phase phase;
    int layer;
    VectorBatch<const float> gains;   ///< γ, [slot][unit]
    VectorBatch<const float> shifts;  ///< β, [slot][unit]
    VectorBatch<float> means;         ///< running, in and (in training) out, [slot][unit]
    VectorBatch<float> variances;     ///< likewise
    MatrixBatch<float> values;        ///< in: x, out: y, [lane][row][unit]
    MatrixBatch<float> normalized;    ///< out (in training): n, [lane][row][unit]
    VectorBatch<float> scales;        ///< out (in training): 1 / √(variance + ε), [lane][unit]
};

struct BatchNormBackward {
    std::span<const SlotRow> table;  ///< [slot]
    int layer;
    VectorBatch<const float> gains;       ///< γ, [slot][unit]
    MatrixBatch<const float> normalized;  ///< n, [lane][row][unit]
    VectorBatch<const float> scales;      ///< [lane][unit]
    MatrixBatch<float> gradients;         ///< in: ∂loss/∂y, out: ∂loss/∂x, [lane][row][unit]
    VectorBatch<float> gain_gradients;    ///< in and out: adds to it, [slot][unit]
    VectorBatch<float> shift_gradients;   ///< in and out: adds to it, [slot][unit]
};

}  // namespace hpogrid::kernels
