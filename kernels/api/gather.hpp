#pragma once

#include <cstdint>
#include <span>

#include "kernels/api/arrays.hpp"
#include "kernels/api/data_view.hpp"
#include "kernels/api/slot_table.hpp"

namespace hpogrid::kernels {

/// Fetches the rows of the slot's micro-batch: in training the next ones of the epoch's shuffled order (`Permutation`),
/// in validation the next ones in the data set's order. Features are standardised on the way; weights of training rows
/// are scaled to a mean of 1.
struct Gather {
    std::span<const SlotRow> table;  ///< [slot]
    DataView data;
    Phase phase;
    VectorBatch<std::uint32_t> rows;  ///< out, [lane][row]; which rows of the data set these are
    MatrixBatch<float> inputs;        ///< out, [lane][row][feature]
    VectorBatch<float> labels;        ///< out, [lane][row]
    VectorBatch<float> weights;       ///< out, [lane][row]
};

}  // namespace hpogrid::kernels
