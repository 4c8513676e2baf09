#pragma once

#include <span>

namespace hpogrid::optimizers {

/// Bends values so that they look normally distributed: the power transformation of Yeo and Johnson, "A new family of
/// power transformations to improve normality or symmetry", Biometrika 87 (2000), of mean 0 and standard deviation 1.
/// Monotone. Of skewed scores it draws the long tail together and spreads the short one, so that a stationary process
/// sees the structure of the good ones; as in Cowen-Rivers et al., "HEBO", JAIR 74 (2022), section 3.2.
class PowerTransform {
  public:
    /// The identity.
    PowerTransform() = default;
    /// With the exponent in [−3, 5] of the highest likelihood. `values`: standardised, or at least of that magnitude;
    /// the identity for fewer than ten, which do not show a shape, and for equal ones.
    explicit PowerTransform(std::span<const double> values);

    [[nodiscard]] double operator()(double value) const noexcept;
    [[nodiscard]] double exponent() const noexcept { return exponent_; }

  private:
    double exponent_{1.0};
    double mean_{0.0};
    double deviation_{1.0};
};

}  // namespace hpogrid::optimizers
