#include "reference_network.hpp"

#include <algorithm>
#include <cmath>

namespace hpogrid::kernels {
namespace {

using Values = std::vector<double>;

double activate(Activation activation, double x) {
    switch (activation) {
        case Activation::relu:
            return std::max(x, 0.0);
        case Activation::gelu:
            return x * 0.5 * std::erfc(-x / std::sqrt(2.0));
        case Activation::silu:
            return x / (1 + std::exp(-x));
        case Activation::tanh:
            return std::tanh(x);
        case Activation::elu:
            return x < 0 ? std::expm1(x) : x;
        case Activation::sigmoid:
            return 1 / (1 + std::exp(-x));
        case Activation::leaky_relu:
            return x < 0 ? 0.01 * x : x;
    }
    return NAN;
}

Values dense(const LayerWeights& layer, const Values& inputs) {
    Values outputs;
    for (std::size_t i = 0; i < layer.biases.size(); ++i) {
        double sum = layer.biases[i];
        for (std::size_t j = 0; j < inputs.size(); ++j) {
            sum += layer.weights[i * inputs.size() + j] * inputs[j];
        }
        outputs.push_back(sum);
    }
    return outputs;
}

void normalize(const LayerWeights& layer, Values& values) {
    if (layer.gains.empty()) {
        return;
    }
    const auto count = static_cast<double>(values.size());
    double mean = 0;
    for (const double value : values) {
        mean += value / count;
    }
    double variance = 0;
    for (const double value : values) {
        variance += (value - mean) * (value - mean) / count;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = (values[i] - mean) / std::sqrt(variance + 1e-5) * layer.gains[i] + layer.shifts[i];
    }
}

double loss(Loss kind, const Values& logits, double label) {
    switch (kind) {
        case Loss::binary_cross_entropy:
            return std::log1p(std::exp(label > 0.5 ? -logits[0] : logits[0]));
        case Loss::mean_squared_error:
            return (logits[0] - label) * (logits[0] - label);
        case Loss::cross_entropy: {
            double sum = 0;
            for (const double logit : logits) {
                sum += std::exp(logit);
            }
            return std::log(sum) - logits[static_cast<std::size_t>(label)];
        }
    }
    return NAN;
}

}  // namespace

double reference_loss(const Network& network, const SlotSettings& settings, const Table& table, int begin, int end,
                      const std::vector<float>& means, const std::vector<float>& scales) {
    double loss_sum = 0;
    double weight_sum = 0;
    for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row) {
        Values values;
        for (std::size_t j = 0; j < means.size(); ++j) {
            values.push_back((double{table.values[row * means.size() + j]} - means[j]) * scales[j]);
        }
        for (std::size_t i = 0; i < network.size(); ++i) {
            values = dense(network[i], values);
            if (i + 1 < network.size()) {
                normalize(network[i], values);
                std::ranges::transform(values, values.begin(),
                                       [&](double value) { return activate(settings.activation, value); });
            }
        }
        loss_sum += table.weights[row] * loss(settings.loss, values, table.labels[row]);
        weight_sum += table.weights[row];
    }
    return loss_sum / weight_sum;
}

}  // namespace hpogrid::kernels
