#include "kernels/trainer/network.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

#include "kernels/api/arrays.hpp"

namespace hpogrid::kernels {
namespace {

[[nodiscard]] std::size_t area(int rows, int columns) {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
}

/// Copies a block of `rows` × `columns` between matrices of different widths.
void copy_block(const float* from, int from_width, float* to, int to_width, int rows, int columns) {
    for (int i = 0; i < rows; ++i) {
        std::copy_n(from + area(i, from_width), columns, to + area(i, to_width));
    }
}

/// A network of the right shape, all zeros.
[[nodiscard]] Network empty_network(const NetworkShape& shape, std::span<const int> units) {
    Network network;
    int inputs = shape.features;
    for (int layer = 0; layer <= shape.hidden_layers; ++layer) {
        const int outputs = units[static_cast<std::size_t>(layer)];
        const auto count = static_cast<std::size_t>(outputs);
        const std::size_t normalized = shape.layer_norm && layer < shape.hidden_layers ? count : 0;
        network.push_back({.inputs = inputs,
                           .outputs = outputs,
                           .weights = std::vector<float>(area(outputs, inputs)),
                           .biases = std::vector<float>(count),
                           .gains = std::vector<float>(normalized),
                           .shifts = std::vector<float>(normalized)});
        inputs = outputs;
    }
    return network;
}

[[nodiscard]] bool equal_shapes(const Network& a, const Network& b) {
    return std::ranges::equal(a, b, [](const LayerWeights& x, const LayerWeights& y) {
        return x.weights.size() == y.weights.size() && x.biases.size() == y.biases.size() &&
               x.gains.size() == y.gains.size() && x.shifts.size() == y.shifts.size();
    });
}

}  // namespace

NetworkShape bucket_shape(int features, int outputs, std::span<const int> hidden, bool layer_norm) {
    const int widest = hidden.empty() ? padding : std::max(padding, std::ranges::max(hidden));
    return {.features = features,
            .outputs = outputs,
            .hidden_layers = static_cast<int>(hidden.size()),
            .width = static_cast<int>(std::bit_ceil(static_cast<unsigned>(widest))),
            .layer_norm = layer_norm && !hidden.empty()};
}

ParameterLayout::ParameterLayout(const NetworkShape& shape) {
    int inputs = padded(shape.features);
    for (int layer = 0; layer <= shape.hidden_layers; ++layer) {
        const bool hidden = layer < shape.hidden_layers;
        LayerPlace place{};
        place.inputs = inputs;
        place.outputs = hidden ? shape.width : padded(shape.outputs);
        const auto take = [this](std::size_t count) {
            size_ += count;
            return size_ - count;
        };
        const auto outputs = static_cast<std::size_t>(place.outputs);
        place.weights = take(area(place.outputs, place.inputs));
        place.biases = take(outputs);
        place.gains = take(hidden && shape.layer_norm ? outputs : 0);
        place.shifts = take(hidden && shape.layer_norm ? outputs : 0);
        layers_.push_back(place);
        inputs = place.outputs;
    }
}

Network unpack(const NetworkShape& shape, std::span<const int> units, std::span<const float> parameters) {
    const ParameterLayout layout{shape};
    Network network = empty_network(shape, units);
    for (std::size_t i = 0; i < network.size(); ++i) {
        LayerWeights& layer = network[i];
        const LayerPlace& place = layout.layers()[i];
        copy_block(&parameters[place.weights], place.inputs, layer.weights.data(), layer.inputs, layer.outputs,
                   layer.inputs);
        std::copy_n(&parameters[place.biases], layer.biases.size(), layer.biases.begin());
        if (!layer.gains.empty()) {
            std::copy_n(&parameters[place.gains], layer.gains.size(), layer.gains.begin());
            std::copy_n(&parameters[place.shifts], layer.shifts.size(), layer.shifts.begin());
        }
    }
    return network;
}

std::vector<float> pack(const NetworkShape& shape, std::span<const int> units, const Network& network) {
    if (!equal_shapes(network, empty_network(shape, units))) {
        throw std::invalid_argument{"weights of another network (layers or units differ)"};
    }
    const ParameterLayout layout{shape};
    std::vector<float> parameters(layout.size());
    for (std::size_t i = 0; i < network.size(); ++i) {
        const LayerWeights& layer = network[i];
        const LayerPlace& place = layout.layers()[i];
        copy_block(layer.weights.data(), layer.inputs, &parameters[place.weights], place.inputs, layer.outputs,
                   layer.inputs);
        std::ranges::copy(layer.biases, &parameters[place.biases]);
        if (!layer.gains.empty()) {
            std::ranges::copy(layer.gains, &parameters[place.gains]);
            std::ranges::copy(layer.shifts, &parameters[place.shifts]);
        }
    }
    return parameters;
}

Network initial_network(const NetworkShape& shape, const SlotSettings& settings) {
    Network network = empty_network(shape, settings.units);
    std::uint32_t index = 0;
    for (LayerWeights& layer : network) {
        const float bound = 1.0F / std::sqrt(static_cast<float>(layer.inputs));
        std::uint32_t count = 0;
        std::array<std::uint32_t, 4> bits{};
        const auto draw = [&] {
            if (count % 4 == 0) {
                bits = random_bits(settings.key, RandomUse::initial_weights, count / 4, index);
            }
            // 24 bits, in the middle of their interval: within (−1, 1), symmetric, exact in float32.
            const float unit = (static_cast<float>(bits[count++ % 4] >> 8U) + 0.5F) * 0x1.0p-23F - 1.0F;
            return unit * bound;
        };
        std::ranges::generate(layer.weights, draw);
        std::ranges::generate(layer.biases, draw);
        std::ranges::fill(layer.gains, 1.0F);
        ++index;
    }
    return network;
}

}  // namespace hpogrid::kernels
