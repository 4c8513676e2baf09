#pragma once

namespace hpogrid::space {

/// Φ(z): probability that a standard normal variable is at most z.
[[nodiscard]] double normal_cdf(double z) noexcept;

/// Φ⁻¹(p) for p in (0, 1), relative accuracy about 1e-15.
/// Source: Acklam's rational approximation (relative error 1.15e-9), refined by one step of Halley's method.
[[nodiscard]] double normal_quantile(double p) noexcept;

}  // namespace hpogrid::space
