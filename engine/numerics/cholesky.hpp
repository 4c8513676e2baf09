#pragma once

#include <Eigen/Core>

#include <cstddef>

namespace hpogrid::numerics {

/// What is added to the diagonal, by the amplitude, when a covariance is not positive definite in floating point: the
/// steps of a ladder.
inline constexpr double jitter_ladder[]{0.0, 1e-10, 1e-8, 1e-6, 1e-4};

/// Writes the Cholesky factor of `covariance` + (noise + jitter · amplitude) I into the lower triangle of `factor`,
/// with the smallest jitter of the ladder that does. Answers that jitter · amplitude, or a negative number if none
/// does. `covariance`, `factor`: [n][n], different memory.
[[nodiscard]] double cholesky_with_jitter(const Eigen::Ref<const Eigen::MatrixXd>& covariance, double noise,
                                          double amplitude, Eigen::Ref<Eigen::MatrixXd> factor);

/// Replaces the lower triangular `factor` by its inverse, the strict upper triangle by zeros, in n³/6 multiplications
/// beside those on the diagonal blocks. [n][n]
void invert_lower_triangle(Eigen::Ref<Eigen::MatrixXd> factor);

}  // namespace hpogrid::numerics
