#pragma once

#include "engine/optimizers/gaussian_process/kernel.hpp"

#include <Eigen/Core>

#include <cstdint>
#include <optional>

namespace hpogrid::optimizers {

/// The mean of a Gaussian process before it saw data.
enum class PriorMean : std::uint8_t {
    zero,
    constant,  ///< the most likely constant for the hyperparameters (generalised least squares)
};

/// How likely targets are, and where more likely hyperparameters lie.
struct MarginalLikelihood {
    double value;                        ///< ln p(targets | features, hyperparameters)
    double mean;                         ///< the prior mean
    Eigen::VectorXd log_scale_gradient;  ///< with respect to ln ℓ. [group]
    double log_amplitude_slope;
    double log_noise_slope;
    /// With respect to the features, if asked for, but for main effects of categories. [feature][observation]
    Eigen::MatrixXd feature_gradient;
};

/// Computes the log marginal likelihood and its gradients for one data set and many hyperparameters, with the memory
/// for it. O(n³ + n² features) a call; no table of distances by feature: sums over pairs of P_ij (a_i − a_j)² are
/// matrix products as well, 2 (Σ_i p_i a_i² − aᵀ P a) with the row sums p of a symmetric P.
/// Source: Rasmussen and Williams (2006), equations 2.30, 5.9 and, for the constant mean, 2.41–2.44.
class LikelihoodEvaluator {
  public:
    enum class Gradients { of_hyperparameters, of_features_too };

    /// `features` [feature][observation], `targets` [observation], finite. Both outlive this. `doubts` [observation]:
    /// variances that are known beside the noise; none if empty.
    LikelihoodEvaluator(const Kernel& kernel, PriorMean mean, const Eigen::MatrixXd& features,
                        const Eigen::VectorXd& targets, Eigen::VectorXd doubts = {});

    /// Nothing if the covariance is not positive definite even with the largest jitter, or a result not finite.
    [[nodiscard]] std::optional<MarginalLikelihood> operator()(const Hyperparameters& hyperparameters,
                                                               Gradients gradients = Gradients::of_hyperparameters);

  private:
    [[nodiscard]] bool factor(const Hyperparameters& hyperparameters);

    Kernel kernel_;
    PriorMean mean_;
    const Eigen::MatrixXd& features_;
    const Eigen::VectorXd& targets_;
    Eigen::VectorXd doubts_;
    Eigen::MatrixXd scaled_;      ///< features by length-scales. [feature][observation]
    Eigen::MatrixXd covariance_;  ///< without noise. [observation][observation]
    Eigen::MatrixXd slopes_;      ///< derivatives of it with respect to squared distances
    Eigen::MatrixXd factor_;      ///< lower triangle: the Cholesky factor of covariance and noise
    Eigen::MatrixXd inverse_;
};

}  // namespace hpogrid::optimizers
