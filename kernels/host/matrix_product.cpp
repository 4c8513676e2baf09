#include "kernels/host/matrix_product.hpp"

#include <algorithm>
#include <utility>

namespace hpogrid::kernels::host {
namespace {

// A panel of B, two vectors wide and this deep, stays in the first-level cache (32 KiB) while all rows of A pass by.
constexpr int panel_depth = 256;
// With fewer rows of A the copy costs more than it saves.
constexpr int rows_worth_packing = 17;

template <int Bytes>
struct VectorOf {
    // GCC ignores the size in an alias where it is a template's parameter.
    typedef float Type __attribute__((vector_size(Bytes), aligned(4), may_alias));  // NOLINT(modernize-use-using)
};

template <class Isa>
using Vector = typename VectorOf<Isa::vector_bytes>::Type;
template <class Isa>
constexpr int lanes = Isa::vector_bytes / static_cast<int>(sizeof(float));

/// Where a tile begins: its part of A, the packed panel of B, and its corners of S and C.
struct TilePlace {
    const float* a;
    const float* panel;
    std::ptrdiff_t panel_stride;
    const float* start;
    float* c;
};

/// `Rows` rows and `Vectors` vectors of columns of C in registers, over the depth of one panel.
template <class Isa, int Rows, int Vectors>
inline void multiply_tile(const MatrixProduct& product, TilePlace place, int depth, std::ptrdiff_t start_stride) {
    using Vec = Vector<Isa>;
    Vec sums[Rows][Vectors];
    for (int i = 0; i < Rows; ++i) {
        for (int v = 0; v < Vectors; ++v) {
            sums[i][v] = *reinterpret_cast<const Vec*>(place.start + i * start_stride + v * lanes<Isa>);
        }
    }
    for (int p = 0; p < depth; ++p) {
        Vec b[Vectors];
        for (int v = 0; v < Vectors; ++v) {
            b[v] = *reinterpret_cast<const Vec*>(place.panel + p * place.panel_stride + v * lanes<Isa>);
        }
        for (int i = 0; i < Rows; ++i) {
            const float a = place.a[i * product.a.row_stride + p * product.a.column_stride];
            for (int v = 0; v < Vectors; ++v) {
                sums[i][v] += a * b[v];
            }
        }
    }
    for (int i = 0; i < Rows; ++i) {
        for (int v = 0; v < Vectors; ++v) {
            *reinterpret_cast<Vec*>(place.c + i * product.c_stride + v * lanes<Isa>) = sums[i][v];
        }
    }
}

/// All rows against one panel, in tiles of `Rows` rows; what is left goes to tiles of half the height.
template <class Isa, int Vectors, int Rows>
inline void multiply_rows(const MatrixProduct& product, TilePlace place, int depth, std::ptrdiff_t start_stride,
                          int rows) {
    while (rows >= Rows) {
        multiply_tile<Isa, Rows, Vectors>(product, place, depth, start_stride);
        place.a += Rows * product.a.row_stride;
        place.start += Rows * start_stride;
        place.c += Rows * product.c_stride;
        rows -= Rows;
    }
    if constexpr (Rows > 1) {
        multiply_rows<Isa, Vectors, Rows / 2>(product, place, depth, start_stride, rows);
    }
}

/// Copies a panel of B so that its rows follow each other: [p][column].
inline void pack(const Operand& b, int depth, int columns, float* panel) {
    if (b.column_stride == 1) {
        for (int p = 0; p < depth; ++p) {
            std::copy_n(b.values + p * b.row_stride, columns, panel + p * columns);
        }
        return;
    }
    for (int j = 0; j < columns; ++j) {
        for (int p = 0; p < depth; ++p) {
            panel[p * columns + j] = b.values[p * b.row_stride + j * b.column_stride];
        }
    }
}

/// The columns from `column` on, `Vectors` vectors wide.
template <class Isa, int Vectors>
inline void multiply_columns(const MatrixProduct& product, int column) {
    constexpr int width = Vectors * lanes<Isa>;
    alignas(64) float panel[panel_depth * width];
    const bool packs = product.b.column_stride != 1 || product.rows >= rows_worth_packing;
    TilePlace place{product.a.values, panel, width, product.start + column, product.c + column};
    std::ptrdiff_t start_stride = product.start_stride;
    int first = 0;
    do {  // once also for a depth of zero: C = S
        const int depth = std::min(panel_depth, product.depth - first);
        const Operand b{product.b.values + first * product.b.row_stride + column * product.b.column_stride,
                        product.b.row_stride, product.b.column_stride};
        if (packs) {
            pack(b, depth, width, panel);
        } else {
            place.panel = b.values;
            place.panel_stride = b.row_stride;
        }
        multiply_rows<Isa, Vectors, Isa::tile_rows>(product, place, depth, start_stride, product.rows);
        place.a += depth * product.a.column_stride;
        place.start = place.c;
        start_stride = product.c_stride;
        first += depth;
    } while (first < product.depth);
}

}  // namespace

void multiply(const MatrixProduct& product, SimdLevel level) {
    dispatch(level, [&product](auto isa) {
        using Isa = decltype(isa);
        constexpr int width = 2 * lanes<Isa>;
        int column = 0;
        for (; column + width <= product.columns; column += width) {
            multiply_columns<Isa, 2>(product, column);
        }
        if (column < product.columns) {
            multiply_columns<Isa, 1>(product, column);
        }
    });
}

}  // namespace hpogrid::kernels::host
