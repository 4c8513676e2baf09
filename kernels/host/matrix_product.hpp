#pragma once

#include <cstddef>

#include "kernels/host/simd.hpp"

namespace hpogrid::kernels::host {

/// A matrix to read: element (i, j) is values[i · row_stride + j · column_stride]. A transposed one swaps the strides.
struct Operand {
    const float* values;
    std::ptrdiff_t row_stride;
    std::ptrdiff_t column_stride;
};

/// C = S + A·B, float32.
struct MatrixProduct {
    int rows;     ///< of A and C
    int columns;  ///< of B and C; a multiple of `padding`
    int depth;    ///< columns of A, rows of B
    Operand a;
    Operand b;
    const float* start;  ///< S: C itself to add to it, or with stride 0 one row for all
    std::ptrdiff_t start_stride;
    float* c;
    std::ptrdiff_t c_stride;
};

/// Each element is summed in an order that depends on `depth` and the SIMD level only. Needs no memory besides the
/// stack.
void multiply(const MatrixProduct& product, SimdLevel level = best_simd_level());

}  // namespace hpogrid::kernels::host
