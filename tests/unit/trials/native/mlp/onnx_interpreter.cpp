#include "tests/unit/trials/native/mlp/onnx_interpreter.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <span>
#include <stdexcept>
#include <utility>

namespace hpogrid::trials::test {
namespace {

using Operands = std::vector<const Matrix*>;

const onnx::AttributeProto& attribute(const onnx::NodeProto& node, const std::string& name) {
    return *std::ranges::find(node.attribute(), name, &onnx::AttributeProto::name);
}

Matrix transform(const Matrix& x, const std::function<double(double)>& function) {
    Matrix result{x.rows, x.columns, x.values};
    std::ranges::transform(x.values, result.values.begin(), function);
    return result;
}

Matrix combine(const Matrix& a, const Matrix& b, const std::function<double(double, double)>& function) {
    Matrix result{std::max(a.rows, b.rows), std::max(a.columns, b.columns)};
    for (std::size_t row = 0; row < result.rows; ++row) {
        for (std::size_t column = 0; column < result.columns; ++column) {
            result.values.push_back(function(a.at(row, column), b.at(row, column)));
        }
    }
    return result;
}

/// x·wᵀ + b
Matrix gemm(const onnx::NodeProto& node, const Operands& in) {
    const Matrix& x = *in[0];
    const Matrix& w = *in[1];
    if (attribute(node, "transB").i() != 1 || x.columns != w.columns) {
        throw std::invalid_argument{"Gemm"};
    }
    Matrix result{x.rows, w.rows};
    for (std::size_t row = 0; row < x.rows; ++row) {
        for (std::size_t column = 0; column < w.rows; ++column) {
            double sum = in[2]->at(0, column);
            for (std::size_t i = 0; i < x.columns; ++i) {
                sum += x.at(row, i) * w.at(column, i);
            }
            result.values.push_back(sum);
        }
    }
    return result;
}

/// Along each row.
Matrix reduce(const Matrix& x, const std::function<double(std::span<const double>)>& function) {
    Matrix result{x.rows, 1};
    for (std::size_t row = 0; row < x.rows; ++row) {
        result.values.push_back(function(std::span{x.values}.subspan(row * x.columns, x.columns)));
    }
    return result;
}

Matrix row_mean(const onnx::NodeProto& node, const Matrix& x) {
    const auto& axes = attribute(node, "axes").ints();
    if (axes.size() != 1 || axes[0] != 1 || attribute(node, "keepdims").i() != 1) {
        throw std::invalid_argument{"ReduceMean"};
    }
    return reduce(x, [](std::span<const double> row) {
        return std::accumulate(row.begin(), row.end(), 0.0) / static_cast<double>(row.size());
    });
}

Matrix softmax(const Matrix& x) {
    const Matrix largest = reduce(x, [](std::span<const double> row) { return std::ranges::max(row); });
    const Matrix powers = combine(x, largest, [](double a, double b) { return std::exp(a - b); });
    const Matrix sums =
        reduce(powers, [](std::span<const double> row) { return std::accumulate(row.begin(), row.end(), 0.0); });
    return combine(powers, sums, std::divides{});
}

Matrix batch_norm(const onnx::NodeProto& node, const Operands& in) {
    const double epsilon = attribute(node, "epsilon").f();
    const Matrix centred = combine(*in[0], *in[3], std::minus{});
    const Matrix even = combine(centred, *in[4], [&](double a, double b) { return a / std::sqrt(b + epsilon); });
    return combine(combine(even, *in[1], std::multiplies{}), *in[2], std::plus{});
}

Matrix result_of(const onnx::NodeProto& node, const Operands& in) {
    const std::map<std::string, std::function<Matrix()>> operations{
        {"Add", [&] { return combine(*in[0], *in[1], std::plus{}); }},
        {"Sub", [&] { return combine(*in[0], *in[1], std::minus{}); }},
        {"Mul", [&] { return combine(*in[0], *in[1], std::multiplies{}); }},
        {"Div", [&] { return combine(*in[0], *in[1], std::divides{}); }},
        {"Relu", [&] { return transform(*in[0], [](double x) { return std::max(x, 0.0); }); }},
        {"Tanh", [&] { return transform(*in[0], [](double x) { return std::tanh(x); }); }},
        {"Erf", [&] { return transform(*in[0], [](double x) { return std::erf(x); }); }},
        {"Sqrt", [&] { return transform(*in[0], [](double x) { return std::sqrt(x); }); }},
        {"Sigmoid", [&] { return transform(*in[0], [](double x) { return 1 / (1 + std::exp(-x)); }); }},
        {"Elu",
         [&] {
             const double alpha = attribute(node, "alpha").f();
             return transform(*in[0], [&](double x) { return x < 0 ? alpha * std::expm1(x) : x; });
         }},
        {"LeakyRelu",
         [&] {
             const double alpha = attribute(node, "alpha").f();
             return transform(*in[0], [&](double x) { return x < 0 ? alpha * x : x; });
         }},
        {"Gemm", [&] { return gemm(node, in); }},
        {"ReduceMean", [&] { return row_mean(node, *in[0]); }},
        {"BatchNormalization", [&] { return batch_norm(node, in); }},
        {"Softmax", [&] { return softmax(*in[0]); }},
        {"Squeeze", [&] { return *in[0]; }}};
    const auto operation = operations.find(node.op_type());
    if (operation == operations.end()) {
        throw std::invalid_argument{node.op_type()};
    }
    return operation->second();
}

Matrix constant(const onnx::TensorProto& tensor) {
    const bool is_matrix = tensor.dims_size() == 2;
    const auto columns = tensor.dims_size() == 0 ? 1 : tensor.dims(is_matrix ? 1 : 0);
    Matrix result{is_matrix ? static_cast<std::size_t>(tensor.dims(0)) : 1, static_cast<std::size_t>(columns)};
    result.values.assign(tensor.float_data().begin(), tensor.float_data().end());
    return result;
}

}  // namespace

Matrix evaluate(const onnx::GraphProto& graph, const Matrix& input) {
    std::map<std::string, Matrix> values{{graph.input(0).name(), input}};
    for (const onnx::TensorProto& tensor : graph.initializer()) {
        values[tensor.name()] = constant(tensor);
    }
    for (const onnx::NodeProto& node : graph.node()) {
        Operands operands;
        for (const std::string& name : node.input()) {
            operands.push_back(&values.at(name));
        }
        Matrix result = result_of(node, operands);
        values[node.output(0)] = std::move(result);
    }
    return values.at(graph.output(0).name());
}

}  // namespace hpogrid::trials::test
