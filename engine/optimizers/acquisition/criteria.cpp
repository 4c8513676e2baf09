#include "engine/optimizers/acquisition/criteria.hpp"

#include <cmath>
#include <numbers>

namespace hpogrid::optimizers {
namespace {

const double half_log_two_pi = 0.5 * std::log(2.0 * std::numbers::pi);
const double sqrt_half_pi = std::sqrt(std::numbers::pi / 2.0);
constexpr double far_below = -10.0;

double density(double z) noexcept {
    return std::exp(-0.5 * z * z - half_log_two_pi);
}

double distribution(double z) noexcept {
    return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

/// Φ(z) / φ(z) for −10 ≤ z ≤ 0, where neither underflows.
double mills_ratio(double z) noexcept {
    return sqrt_half_pi * std::exp(0.5 * z * z) * std::erfc(-z / std::numbers::sqrt2);
}

/// For z < −10: Φ(z)/φ(z) = first / |z| and h(z)/φ(z) = second / z². With t = 1/z², first is Σ (−t)^k (2k−1)!!, and
/// second = (1 − first) / t = Σ (−t)^k (2k+1)!!, which loses nothing in the difference. Ten terms leave 1e-11 at −10.
struct TailSeries {
    double first;
    double second;
};
TailSeries tail_series(double z) noexcept {
    constexpr int terms = 20;
    const double t = 1.0 / z / z;
    double term = 1.0;
    double second = 1.0;
    for (int k = 1; k < terms; ++k) {
        term *= -t * (2 * k + 1);
        second += term;
    }
    return {1.0 - t * second, second};
}

}  // namespace

LogValue log_improvement(double z) noexcept {
    if (z < far_below) {
        const auto [first, second] = tail_series(z);
        return {-0.5 * z * z - half_log_two_pi - 2.0 * std::log(-z) + std::log(second), -z * first / second};
    }
    if (z < -1.0) {
        const double ratio = mills_ratio(z);
        const double rest = 1.0 + z * ratio;
        return {-0.5 * z * z - half_log_two_pi + std::log(rest), ratio / rest};
    }
    const double improvement = density(z) + z * distribution(z);
    return {std::log(improvement), distribution(z) / improvement};
}

LogValue log_normal_cdf(double z) noexcept {
    if (z < far_below) {
        const double first = tail_series(z).first;
        return {-0.5 * z * z - half_log_two_pi - std::log(-z) + std::log(first), -z / first};
    }
    if (z < -1.0) {
        const double ratio = mills_ratio(z);
        return {-0.5 * z * z - half_log_two_pi + std::log(ratio), 1.0 / ratio};
    }
    const double below = distribution(z);
    // Above, where it is nearly 1, by its complement.
    const double value = z > 0.0 ? std::log1p(-0.5 * std::erfc(z / std::numbers::sqrt2)) : std::log(below);
    return {value, density(z) / below};
}

Criterion expected_improvement(double mean, double deviation, double best) noexcept {
    const auto [value, slope, deviation_slope] = log_expected_improvement(mean, deviation, best);
    const double improvement = std::exp(value);
    return {improvement, improvement * slope, improvement * deviation_slope};
}

Criterion log_expected_improvement(double mean, double deviation, double best) noexcept {
    const double z = (best - mean) / deviation;
    const auto [value, slope] = log_improvement(z);
    // 1 − z h'/h = φ/h: far below it is the difference of two large numbers, but then about z², which φ/h is as well.
    return {std::log(deviation) + value, -slope / deviation, (1.0 - z * slope) / deviation};
}

Criterion probability_of_improvement(double mean, double deviation, double best) noexcept {
    const auto [value, slope, deviation_slope] = log_probability_of_improvement(mean, deviation, best);
    const double probability = std::exp(value);
    return {probability, probability * slope, probability * deviation_slope};
}

Criterion log_probability_of_improvement(double mean, double deviation, double best) noexcept {
    const double z = (best - mean) / deviation;
    const auto [value, slope] = log_normal_cdf(z);
    return {value, -slope / deviation, -z * slope / deviation};
}

Criterion lower_confidence_bound(double mean, double deviation, double kappa) noexcept {
    return {kappa * deviation - mean, -1.0, kappa};
}

}  // namespace hpogrid::optimizers
