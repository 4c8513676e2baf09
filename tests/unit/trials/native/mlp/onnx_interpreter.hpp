#pragma once

#include <onnx/onnx_pb.h>

#include <cstddef>
#include <string>
#include <vector>

namespace hpogrid::trials::test {

/// [row][column]. A vector is one row, a number is one row of one column.
struct Matrix {
    std::size_t rows{1};
    std::size_t columns{1};
    std::vector<double> values{};

    /// What stands there when a single row or column is repeated, as ONNX does between matrices of unequal shape.
    [[nodiscard]] double at(std::size_t row, std::size_t column) const {
        return values[(rows == 1 ? 0 : row) * columns + (columns == 1 ? 0 : column)];
    }
};

/// Applies a graph of one input and one output, node by node, as the documents of ONNX's operators say, version 13.
/// Throws std::invalid_argument for an operator that it does not know.
[[nodiscard]] Matrix evaluate(const onnx::GraphProto& graph, const Matrix& input);

}  // namespace hpogrid::trials::test
