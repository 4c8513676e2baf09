#include "engine/optimizers/gaussian_process/power_transform.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace hpogrid::optimizers {
namespace {

constexpr std::size_t fewest_values = 10;

/// ((1 + m)^exponent − 1) / exponent, given ln(1 + m).
double power_of(double log_magnitude, double exponent) noexcept {
    constexpr double logarithmic = 1e-9;
    return std::abs(exponent) < logarithmic ? log_magnitude : std::expm1(exponent * log_magnitude) / exponent;
}

/// Of a value of which ln(1 + |value|) is given, with its sign.
double bent(double signed_log, double exponent) noexcept {
    return signed_log >= 0.0 ? power_of(signed_log, exponent) : -power_of(-signed_log, 2.0 - exponent);
}

double signed_log_of(double value) noexcept {
    return std::copysign(std::log1p(std::abs(value)), value);
}

struct Moments {
    double mean;
    double variance;
};

Moments moments_of(std::span<const double> signed_logs, double exponent) {
    const auto count = static_cast<double>(signed_logs.size());
    double sum = 0.0;
    double squares = 0.0;
    for (const double signed_log : signed_logs) {
        const double value = bent(signed_log, exponent);
        sum += value;
        squares += value * value;
    }
    const double mean = sum / count;
    return {mean, squares / count - mean * mean};
}

/// Up to a constant. Equation 3.1 of the paper.
double log_likelihood(std::span<const double> signed_logs, double exponent) {
    const double variance = moments_of(signed_logs, exponent).variance;
    if (!(variance > 0.0)) {
        return -std::numeric_limits<double>::infinity();
    }
    double jacobian = 0.0;
    for (const double signed_log : signed_logs) {
        jacobian += signed_log;
    }
    return -0.5 * static_cast<double>(signed_logs.size()) * std::log(variance) + (exponent - 1.0) * jacobian;
}

/// By golden sections.
double likeliest_exponent(std::span<const double> signed_logs) {
    constexpr double shrinkage = 1.0 / std::numbers::phi;
    constexpr double tolerance = 1e-3;
    double low = -3.0;
    double high = 5.0;
    double left = high - shrinkage * (high - low);
    double right = low + shrinkage * (high - low);
    double left_value = log_likelihood(signed_logs, left);
    double right_value = log_likelihood(signed_logs, right);
    while (high - low > tolerance) {
        if (left_value >= right_value) {
            high = right;
            right = left;
            right_value = left_value;
            left = high - shrinkage * (high - low);
            left_value = log_likelihood(signed_logs, left);
        } else {
            low = left;
            left = right;
            left_value = right_value;
            right = low + shrinkage * (high - low);
            right_value = log_likelihood(signed_logs, right);
        }
    }
    return (low + high) / 2.0;
}

}  // namespace

PowerTransform::PowerTransform(std::span<const double> values) {
    if (values.size() < fewest_values) {
        return;
    }
    std::vector<double> signed_logs;
    signed_logs.reserve(values.size());
    for (const double value : values) {
        signed_logs.push_back(signed_log_of(value));
    }
    const double exponent = likeliest_exponent(signed_logs);
    const auto [mean, variance] = moments_of(signed_logs, exponent);
    constexpr double least_variance = 1e-12;
    if (variance > least_variance && std::isfinite(variance)) {
        exponent_ = exponent;
        mean_ = mean;
        deviation_ = std::sqrt(variance);
    }
}

double PowerTransform::operator()(double value) const noexcept {
    // Exactly, and at any magnitude.
    const double bent_value = exponent_ == 1.0 ? value : bent(signed_log_of(value), exponent_);
    return (bent_value - mean_) / deviation_;
}

}  // namespace hpogrid::optimizers
