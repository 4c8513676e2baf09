#pragma once

namespace hpogrid::optimizers {

/// A criterion at one point as a function of the model's mean and standard deviation there, to be maximised, for scores
/// to be minimised.
struct Criterion {
    double value;
    double mean_slope;
    double deviation_slope;
};

/// ln h(z) and its derivative, h(z) = φ(z) + z Φ(z), accurate to about 1e-12 for all z (z = −1e8 gives about −5e15).
/// Source: Ament, Daulton, Eriksson, Balandat, Bakshy, "Unexpected Improvements to Expected Improvement for Bayesian
/// Optimization", NeurIPS 2023, section 4.1; below −10 by the asymptotic series of Mills' ratio instead.
struct LogValue {
    double value;
    double slope;
};
[[nodiscard]] LogValue log_improvement(double z) noexcept;

/// ln Φ(z) and its derivative, as accurate.
[[nodiscard]] LogValue log_normal_cdf(double z) noexcept;

// `best` is the score to beat, `deviation` is above 0.

/// E max(best − f, 0)
[[nodiscard]] Criterion expected_improvement(double mean, double deviation, double best) noexcept;
/// The logarithm of it: has a gradient also where the improvement is too small for a number.
[[nodiscard]] Criterion log_expected_improvement(double mean, double deviation, double best) noexcept;
/// P(f < best)
[[nodiscard]] Criterion probability_of_improvement(double mean, double deviation, double best) noexcept;
[[nodiscard]] Criterion log_probability_of_improvement(double mean, double deviation, double best) noexcept;
/// kappa · deviation − mean
[[nodiscard]] Criterion lower_confidence_bound(double mean, double deviation, double kappa) noexcept;

}  // namespace hpogrid::optimizers
