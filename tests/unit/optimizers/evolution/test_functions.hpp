#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace hpogrid::optimizers {

// Functions over real vectors whose least value is 0.

inline double sphere(std::span<const double> x) {
    double sum = 0.0;
    for (const double value : x) {
        sum += value * value;
    }
    return sum;
}

/// Axes from 1 to 1e6 in curvature.
inline double ellipsoid(std::span<const double> x) {
    double sum = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        sum += std::pow(10.0, 6.0 * static_cast<double>(i) / static_cast<double>(x.size() - 1)) * x[i] * x[i];
    }
    return sum;
}

inline double rosenbrock(std::span<const double> x) {
    double sum = 0.0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
        const double off = x[i + 1] - x[i] * x[i];
        sum += 100 * off * off + (1 - x[i]) * (1 - x[i]);
    }
    return sum;
}

}  // namespace hpogrid::optimizers
