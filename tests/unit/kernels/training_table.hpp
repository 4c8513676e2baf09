#pragma once

#include <cmath>
#include <random>

#include "kernels/trainer/data_set.hpp"

namespace hpogrid::kernels {

/// Events of two or more overlapping kinds with weights around 1, in random order. No classes: a regression.
[[nodiscard]] inline Table training_table(int rows, int features, int classes = 2, unsigned seed = 1) {
    std::mt19937 generator{seed};
    std::normal_distribution<float> normal;
    std::uniform_real_distribution<float> uniform{0.5F, 1.5F};
    Table table;
    table.features = features;
    table.classes = classes;
    for (int i = 0; i < rows; ++i) {
        const int kind = classes > 0 ? i % classes : 0;
        float target = 0;
        for (int j = 0; j < features; ++j) {
            const float shift = std::sin(static_cast<float>(1 + kind * features + j));
            table.values.push_back(3.0F + 2.0F * (normal(generator) + shift));
            target += table.values.back() * shift / static_cast<float>(features);
        }
        table.labels.push_back(classes > 0 ? static_cast<float>(kind) : std::tanh(target));
        table.weights.push_back(uniform(generator));
    }
    return table;
}

}  // namespace hpogrid::kernels
