#pragma once

#include "engine/optimizers/parzen/axis.hpp"

namespace hpogrid::optimizers {

/// Φ(b) − Φ(a) without loss of the tails: near-equal numbers are never subtracted where both lie on one side of 0.
/// `a` ≤ `b`, infinite ends allowed; 0 for a > b.
[[nodiscard]] double normal_mass(double a, double b) noexcept;

/// The quantile `p` in (0, 1) of a normal distribution cut to `range`: always inside it.
/// `sigma` > 0; `centre` may lie outside the range.
[[nodiscard]] double truncated_normal_quantile(double centre, double sigma, Interval range, double p) noexcept;

}  // namespace hpogrid::optimizers
