#include "kernels/trainer/network.hpp"

#include <algorithm>
#include <array>
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
        const bool hidden = layer < shape.hidden_layers;
        const std::size_t normalized = hidden && shape.normalization != Normalization::none ? count : 0;
        const std::size_t averaged = hidden && shape.normalization == Normalization::batch ? count : 0;
        network.push_back({.inputs = inputs,
                           .outputs = outputs,
                           .weights = std::vector<float>(area(outputs, inputs)),
                           .biases = std::vector<float>(count),
                           .gains = std::vector<float>(normalized),
                           .shifts = std::vector<float>(normalized),
                           .means = std::vector<float>(averaged),
                           .variances = std::vector<float>(averaged)});
        inputs = outputs;
    }
    return network;
}

/// A layer's arrays besides its weights, and where each is among the parameters.
struct Part {
    std::vector<float> LayerWeights::*values;
    std::size_t LayerPlace::*place;
};
constexpr std::array vectors{
    Part{&LayerWeights::biases, &LayerPlace::biases}, Part{&LayerWeights::gains, &LayerPlace::gains},
    Part{&LayerWeights::shifts, &LayerPlace::shifts}, Part{&LayerWeights::means, &LayerPlace::means},
    Part{&LayerWeights::variances, &LayerPlace::variances}};

[[nodiscard]] bool equal_shapes(const Network& a, const Network& b) {
    return std::ranges::equal(a, b, [](const LayerWeights& x, const LayerWeights& y) {
        return x.weights.size() == y.weights.size() && std::ranges::all_of(vectors, [&](const Part& part) {
                   return (x.*part.values).size() == (y.*part.values).size();
               });
    });
}

}  // namespace

NetworkShape bucket_shape(int features, int outputs, std::span<const int> hidden, Normalization normalization) {
    const int widest = hidden.empty() ? padding : std::max(padding, std::ranges::max(hidden));
    return {.features = features,
            .outputs = outputs,
            .hidden_layers = static_cast<int>(hidden.size()),
            .width = static_cast<int>(std::bit_ceil(static_cast<unsigned>(widest))),
            .normalization = hidden.empty() ? Normalization::none : normalization};
}

ParameterLayout::ParameterLayout(const NetworkShape& shape) {
    const auto take = [this](std::size_t count) {
        size_ += count;
        return size_ - count;
    };
    const bool normalizes = shape.normalization != Normalization::none;
    const bool averages = shape.normalization == Normalization::batch;
    int inputs = padded(shape.features);
    for (int layer = 0; layer <= shape.hidden_layers; ++layer) {
        const bool hidden = layer < shape.hidden_layers;
        LayerPlace place{};
        place.inputs = inputs;
        place.outputs = hidden ? shape.width : padded(shape.outputs);
        const auto outputs = static_cast<std::size_t>(place.outputs);
        place.weights = take(area(place.outputs, place.inputs));
        place.biases = take(outputs);
        place.gains = take(hidden && normalizes ? outputs : 0);
        place.shifts = take(hidden && normalizes ? outputs : 0);
        layers_.push_back(place);
        inputs = place.outputs;
    }
    trained_ = size_;
    for (LayerPlace& place : std::span{layers_}.first(static_cast<std::size_t>(shape.hidden_layers))) {
        const auto outputs = static_cast<std::size_t>(place.outputs);
        place.means = take(averages ? outputs : 0);
        place.variances = take(averages ? outputs : 0);
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
        for (const Part& part : vectors) {
            std::vector<float>& values = layer.*part.values;
            std::copy_n(parameters.begin() + static_cast<std::ptrdiff_t>(place.*part.place), values.size(),
                        values.begin());
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
        for (const Part& part : vectors) {
            std::ranges::copy(layer.*part.values, parameters.begin() + static_cast<std::ptrdiff_t>(place.*part.place));
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
        std::ranges::fill(layer.variances, 1.0F);
        ++index;
    }
    return network;
}

}  // namespace hpogrid::kernels
