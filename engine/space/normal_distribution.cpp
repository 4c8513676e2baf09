#include "engine/space/normal_distribution.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace hpogrid::space {
namespace {

template <std::size_t N>
double polynomial(const std::array<double, N>& coefficients, double x) noexcept {
    double value = 0.0;
    for (const double coefficient : coefficients) {
        value = value * x + coefficient;
    }
    return value;
}

/// Acklam's approximation, highest power first.
double approximate_quantile(double p) noexcept {
    constexpr std::array central_top{-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                                     1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
    constexpr std::array central_bottom{-5.447609879822406e+01, 1.615858368580409e+02,  -1.556989798598866e+02,
                                        6.680131188771972e+01,  -1.328068155288572e+01, 1.0};
    constexpr std::array tail_top{-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                                  -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
    constexpr std::array tail_bottom{7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                                     3.754408661907416e+00, 1.0};
    constexpr double tail = 0.02425;
    if (p < tail) {
        const double q = std::sqrt(-2.0 * std::log(p));
        return polynomial(tail_top, q) / polynomial(tail_bottom, q);
    }
    const double q = p - 0.5;
    const double r = q * q;
    return q * polynomial(central_top, r) / polynomial(central_bottom, r);
}

}  // namespace

double normal_cdf(double z) noexcept {
    return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

double normal_quantile(double p) noexcept {
    if (p > 0.5) {
        // The lower half is the accurate one: near 1 the distance to 1 would be lost.
        return -normal_quantile(1.0 - p);
    }
    const double z = approximate_quantile(p);
    const double error = normal_cdf(z) - p;
    const double step = error * std::sqrt(2.0 * std::numbers::pi) * std::exp(0.5 * z * z);
    return z - step / (1.0 + 0.5 * z * step);
}

}  // namespace hpogrid::space
