#pragma once

#include <cstddef>
#include <vector>

namespace hpogrid::optimizers {

enum class Covariance {
    full,
    /// Variances only. The rates of change of the covariance are (n + 2)/3 times larger: Ros, Hansen, "A simple
    /// modification in CMA-ES achieving linear time and space complexity", PPSN X, 2008, section 3.
    diagonal,
};

/// The constants of CMA-ES that follow from dimension and population alone.
/// Source: Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772, table 1 and equations 48 to 58; its
/// names.
struct CmaConstants {
    CmaConstants(std::size_t dimensions, std::size_t population, Covariance covariance);

    /// λ = 4 + ⌊3 ln n⌋ (equation 48).
    [[nodiscard]] static std::size_t default_population(std::size_t dimensions);

    std::vector<double> weights;  ///< [rank], the best first; the first μ sum to 1, the others are at most 0
    std::size_t mu;               ///< members that the mean is made of
    double mu_eff;                ///< variance-effective number of them
    double c_sigma;               ///< rate of the path of the step size
    double d_sigma;               ///< damping of the step size
    double c_c;                   ///< rate of the path of the rank-one update
    double c_1;                   ///< rate of the rank-one update
    double c_mu;                  ///< rate of the rank-μ update
    double chi;                   ///< E‖N(0, I)‖
    /// Updates between two eigendecompositions (tutorial, appendix B.2).
    std::size_t eigen_interval;
};

}  // namespace hpogrid::optimizers
