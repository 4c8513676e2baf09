#include "kernels/api/dense.hpp"

#include "kernels/cuda/device.cuh"

namespace hpogrid::kernels::cuda {
namespace {

// A block of 16 × 16 threads computes a tile of 64 × 64, 4 × 4 each, in slices of 16 along the sum. The order of each
// sum follows from its length alone.
constexpr int tile = 64;
constexpr int slice = 16;
constexpr int threads = 16;
constexpr int each = tile / threads;

/// A matrix of any layout, zero outside of `rows` × `columns`.
struct Operand {
    const float* values;
    int rows;
    int columns;
    int row_stride;
    int column_stride;

    [[nodiscard]] __device__ float operator()(int row, int column) const {
        const bool inside = row < rows && column < columns;
        return inside ? values[static_cast<std::ptrdiff_t>(row) * row_stride +
                               static_cast<std::ptrdiff_t>(column) * column_stride]
                      : 0.0F;
    }
};

/// What a product needs of a slot: c[i][j] = start(i, j) + Σ_k a(i, k)·b(k, j).
struct Product {
    Operand a;
    Operand b;
    const float* start;  ///< [row][column] with start_stride, 0: the same for each row; null: zero
    int start_stride;
    float* c;
    int c_stride;
};

struct Tile {
    float a[slice][tile + 4];
    float b[slice][tile + 4];
};

/// Threads side by side read elements side by side in memory.
__device__ void load(const Product& product, int first_row, int first_column, int first, Tile& shared) {
    const auto thread = static_cast<int>(threadIdx.y * threads + threadIdx.x);
    for (int i = thread; i < tile * slice; i += threads * threads) {
        const bool along_sum = product.a.column_stride == 1;
        const int k = along_sum ? i % slice : i / tile;
        const int row = along_sum ? i / slice : i % tile;
        shared.a[k][row] = product.a(first_row + row, first + k);
    }
    for (int i = thread; i < tile * slice; i += threads * threads) {
        const bool along_sum = product.b.row_stride == 1;
        const int k = along_sum ? i % slice : i / tile;
        const int column = along_sum ? i / slice : i % tile;
        shared.b[k][column] = product.b(first + k, first_column + column);
    }
}

__device__ void multiply(const Product& product, Tile& shared) {
    const int columns_of_tiles = blocks_for(product.b.columns, tile);
    const int first_row = static_cast<int>(blockIdx.x) / columns_of_tiles * tile;
    const int first_column = static_cast<int>(blockIdx.x) % columns_of_tiles * tile;
    if (first_row >= product.a.rows) {
        return;
    }
    float sums[each][each]{};
    for (int first = 0; first < product.a.columns; first += slice) {
        load(product, first_row, first_column, first, shared);
        __syncthreads();
        for (int k = 0; k < slice; ++k) {
            for (int i = 0; i < each; ++i) {
                for (int j = 0; j < each; ++j) {
                    sums[i][j] += shared.a[k][threadIdx.y + i * threads] * shared.b[k][threadIdx.x + j * threads];
                }
            }
        }
        __syncthreads();
    }
    for (int i = 0; i < each; ++i) {
        const int row = first_row + static_cast<int>(threadIdx.y) + i * threads;
        for (int j = 0; j < each; ++j) {
            const int column = first_column + static_cast<int>(threadIdx.x) + j * threads;
            if (row < product.a.rows && column < product.b.columns) {
                const float start =
                    product.start == nullptr
                        ? 0.0F
                        : product.start[static_cast<std::ptrdiff_t>(row) * product.start_stride + column];
                product.c[static_cast<std::ptrdiff_t>(row) * product.c_stride + column] = start + sums[i][j];
            }
        }
    }
}

[[nodiscard]] __device__ Product product_of(const DenseForward& args, int slot, const SlotRow& row) {
    const auto inputs = args.inputs[slot];
    const auto weights = args.weights[slot];
    const auto outputs = args.outputs[slot];
    const int rows = rows_at_work(row.progress, args.phase);
    const int depth = args.layer == 0 ? weights.columns : active_units(row.settings, args.layer - 1);
    return {{inputs.values, rows, depth, inputs.columns, 1},
            {weights.values, depth, active_columns(row.settings, args.layer), 1, weights.columns},
            args.biases[slot].data(),
            0,
            outputs.values,
            outputs.columns};
}

[[nodiscard]] __device__ Product product_of(const DenseWeightGradient& args, int slot, const SlotRow& row) {
    const auto inputs = args.inputs[slot];
    const auto gradients = args.output_gradients[slot];
    const auto weights = args.weight_gradients[slot];
    const int rows = rows_at_work(row.progress, Phase::training);
    const int columns = args.layer == 0 ? inputs.columns : active_columns(row.settings, args.layer - 1);
    return {{gradients.values, active_units(row.settings, args.layer), rows, 1, gradients.columns},
            {inputs.values, rows, columns, inputs.columns, 1},
            weights.values,
            weights.columns,
            weights.values,
            weights.columns};
}

[[nodiscard]] __device__ Product product_of(const DenseInputGradient& args, int slot, const SlotRow& row) {
    const auto gradients = args.output_gradients[slot];
    const auto weights = args.weights[slot];
    const auto inputs = args.input_gradients[slot];
    const int rows = rows_at_work(row.progress, Phase::training);
    const int depth = active_units(row.settings, args.layer);
    return {{gradients.values, rows, depth, gradients.columns, 1},
            {weights.values, depth, active_columns(row.settings, args.layer - 1), weights.columns, 1},
            nullptr,
            0,
            inputs.values,
            inputs.columns};
}

template <class Args>
__global__ void multiply_slots(Args args, int first_slot) {
    __shared__ Tile shared;
    const int slot = this_slot(first_slot);
    const Product product = product_of(args, slot, args.table[static_cast<std::size_t>(slot)]);
    if (product.a.rows > 0 && product.a.columns > 0) {
        multiply(product, shared);
    }
}

/// Adds a column of gradients, row after row.
__global__ void add_bias_gradients(DenseWeightGradient args, int first_slot) {
    const int slot = this_slot(first_slot);
    const SlotRow& row = args.table[static_cast<std::size_t>(slot)];
    const int rows = rows_at_work(row.progress, Phase::training);
    const int unit = this_element();
    if (rows == 0 || unit >= active_units(row.settings, args.layer)) {
        return;
    }
    const auto gradients = args.output_gradients[slot];
    float sum = args.bias_gradients[slot][static_cast<std::size_t>(unit)];
    for (int i = 0; i < rows; ++i) {
        sum += gradients.row(i)[unit];
    }
    args.bias_gradients[slot][static_cast<std::size_t>(unit)] = sum;
}

/// \param rows, columns of the largest result that a slot may have
template <class Args>
void launch_product(const Args& args, int rows, int columns, const Launch& launch) {
    const int tiles = blocks_for(rows, tile) * blocks_for(columns, tile);
    multiply_slots<<<grid_of(tiles, launch), dim3{threads, threads}, 0, launch.stream>>>(args, launch.first_slot);
    check_launch("dense");
}

}  // namespace

void run(const DenseForward& args, const Launch& launch) {
    launch_product(args, args.outputs.rows, args.outputs.columns, launch);
}

void run(const DenseWeightGradient& args, const Launch& launch) {
    constexpr int block = 64;
    launch_product(args, args.weight_gradients.rows, args.weight_gradients.columns, launch);
    add_bias_gradients<<<grid_of(blocks_for(args.bias_gradients.size, block), launch), block, 0, launch.stream>>>(
        args, launch.first_slot);
    check_launch("bias gradients");
}

void run(const DenseInputGradient& args, const Launch& launch) {
    launch_product(args, args.input_gradients.rows, args.input_gradients.columns, launch);
}

}  // namespace hpogrid::kernels::cuda
