#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace hpogrid::kernels::host {

/// Elementary functions without branches or calls, so that compilers vectorise the loops around them. Not a number
/// stays not a number: a diverged training must be seen.

/// Relative error below 2·10⁻⁷; arguments beyond ±87 count as ±87.
/// Reduction and coefficients: Moshier, Cephes, single/expf.c.
[[nodiscard]] inline float fast_exp(float x) {
    constexpr float limit = 87.0F;
    x = x > limit ? limit : x;
    x = x < -limit ? -limit : x;
    // Adding and subtracting 1.5·2²³ rounds to the nearest integer, which is then in the low bits of the sum.
    constexpr float rounding = 12582912.0F;
    const float shifted = x * 1.44269504088896341F + rounding;
    const float power = shifted - rounding;
    const float r = (x - power * 0.693359375F) + power * 2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * r + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    const float mantissa = p * r * r + r + 1.0F;
    const auto exponent = (std::bit_cast<std::uint32_t>(shifted) + 127U) << 23U;
    return mantissa * std::bit_cast<float>(exponent);
}

[[nodiscard]] inline float fast_sigmoid(float x) {
    return 1.0F / (1.0F + fast_exp(-x));
}

/// Error below 2·10⁻⁷, also relative to small values. Polynomial: Moshier, Cephes, single/tanhf.c.
[[nodiscard]] inline float fast_tanh(float x) {
    const float square = x * x;
    float p = -5.70498872745e-3F;
    p = p * square + 2.06390887954e-2F;
    p = p * square - 5.37397155531e-2F;
    p = p * square + 1.33314422036e-1F;
    p = p * square - 3.33332819422e-1F;
    const float near_zero = p * square * x + x;
    const float magnitude = 1.0F - 2.0F / (fast_exp(2.0F * std::fabs(x)) + 1.0F);
    const float elsewhere = std::copysign(magnitude, x);
    return std::fabs(x) < 0.625F ? near_zero : elsewhere;
}

/// Distribution function of the standard normal, absolute error below 3·10⁻⁷.
/// Source: Abramowitz, Stegun, Handbook of Mathematical Functions, 7.1.26, with Φ(x) = (1 + erf(x/√2)) / 2.
[[nodiscard]] inline float fast_normal_cdf(float x) {
    const float t = 1.0F / (1.0F + 0.3275911F * 0.70710678118F * std::fabs(x));
    float p = 1.061405429F;
    p = p * t - 1.453152027F;
    p = p * t + 1.421413741F;
    p = p * t - 0.284496736F;
    p = p * t + 0.254829592F;
    const float upper_tail = 0.5F * p * t * fast_exp(-0.5F * x * x);
    return x < 0.0F ? upper_tail : 1.0F - upper_tail;
}

/// ln(1 + x) for x in [0, 1], absolute error below 1.5·10⁻⁷. Polynomial: Moshier, Cephes, single/logf.c.
[[nodiscard]] inline float fast_log1p(float x) {
    const bool upper = x > 0.41421356F;  // 1 + x above √2: halved
    const float r = upper ? 0.5F * x - 0.5F : x;
    float p = 7.0376836292e-2F;
    p = p * r - 1.1514610310e-1F;
    p = p * r + 1.1676998740e-1F;
    p = p * r - 1.2420140846e-1F;
    p = p * r + 1.4249322787e-1F;
    p = p * r - 1.6668057665e-1F;
    p = p * r + 2.0000714765e-1F;
    p = p * r - 2.4999993993e-1F;
    p = p * r + 3.3333331174e-1F;
    const float square = r * r;
    return (p * r * square - 0.5F * square + r) + (upper ? 0.69314718056F : 0.0F);
}

[[nodiscard]] inline float normal_density(float x) {
    return 0.39894228040F * fast_exp(-0.5F * x * x);
}

}  // namespace hpogrid::kernels::host
