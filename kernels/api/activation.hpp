#pragma once

#include <span>

#include "kernels/api/arrays.hpp"
#include "kernels/api/slot_table.hpp"

namespace hpogrid::kernels {

/// The slot's activation function, and in training its dropout: a unit is left out with probability p (to 2⁻¹⁶) and the
/// others are divided by 1 − p. Units beyond the slot's own are set to zero, also where the function is not zero at
/// zero.
///
/// In training the input is replaced by the derivative of what was done to it, so that the way back is a product of two
/// arrays whatever the function was.
struct Activate {
    std::span<const SlotRow> table;  ///< [slot]
    Phase phase;
    int layer;
    MatrixBatch<float> arguments;  ///< [lane][row][unit]; in: arguments, out (in training): derivatives
    MatrixBatch<float> values;     ///< out, [lane][row][unit]
};

/// Multiplies gradients by the derivatives that `Activate` left.
struct ActivateBackward {
    std::span<const SlotRow> table;  ///< [slot]
    int layer;
    MatrixBatch<const float> derivatives;  ///< [lane][row][unit]
    MatrixBatch<float> gradients;          ///< in and out, [lane][row][unit]
};

}  // namespace hpogrid::kernels
