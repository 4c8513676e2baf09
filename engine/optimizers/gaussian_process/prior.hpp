#pragma once

#include <variant>

namespace hpogrid::optimizers {

/// Every value within bounds is equally likely on the logarithmic scale: plain maximum likelihood.
struct FlatPrior {};

/// ln x is normal.
struct LogNormalPrior {
    double mu;
    double sigma;
};

/// Density ∝ x^(shape − 1) e^(−rate x).
struct GammaPrior {
    double shape;
    double rate;
};

using Prior = std::variant<FlatPrior, LogNormalPrior, GammaPrior>;

/// Logarithm of a density over x, up to a constant, and its derivative with respect to ln x.
struct LogDensity {
    double value;
    double slope;
};

/// Of the density of x itself (not of ln x), so that a maximum is where the usual libraries find it: the mode of a
/// log-normal prior is e^(μ − σ²). \pre x > 0
[[nodiscard]] LogDensity log_density(const Prior& prior, double x);

}  // namespace hpogrid::optimizers
