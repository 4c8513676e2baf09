#pragma once

#include "engine/numerics/prediction.hpp"
#include "engine/optimizers/gaussian_process/kernel.hpp"

#include <Eigen/Core>

namespace hpogrid::optimizers {

/// What a process believes of the function at one point, with derivatives.
struct PredictionGradient {
    Eigen::VectorXd mean;  ///< [output]
    double variance;
    Eigen::MatrixXd mean_gradient;      ///< [feature][output]
    Eigen::VectorXd variance_gradient;  ///< [feature]
};

/// What the rest of the data says of each observation.
struct LeaveOneOut {
    Eigen::VectorXd mean;      ///< [observation]
    Eigen::VectorXd variance;  ///< of the observation, noise included. [observation]
};

/// A Gaussian process with known hyperparameters, conditioned on observations; one covariance for any number of
/// outputs, which are alternative stories about the same points (joint samples for noisy expected improvement).
///
/// Rows can be appended to its Cholesky factor and taken off its end in O(n²), so that pending points are added as
/// fantasies and removed again. An appended row whose point is explained already (a duplicate without noise) gets just
/// so much noise that the factor stays regular.
/// Source: Rasmussen and Williams (2006), algorithm 2.1, equations 2.25, 2.26; leave one out: 5.12.
class GaussianProcess {
  public:
    GaussianProcess(Kernel kernel, Hyperparameters hyperparameters, double mean);

    /// Forgets all and factors anew, with a jitter where needed. `features` [feature][observation], `targets`
    /// [observation][output], `doubts` [observation]: variances that are known beside the noise, none if empty. Answers
    /// false if no jitter makes the covariance positive definite: then the process is empty.
    [[nodiscard]] bool observe(const Eigen::MatrixXd& features, const Eigen::MatrixXd& targets,
                               const Eigen::VectorXd& doubts = {});
    /// Adds an observation. `feature` [feature], `targets` [output].
    void append(const Eigen::VectorXd& feature, const Eigen::RowVectorXd& targets, double doubt = 0.0);
    /// Adds points, one after the other, at which the function is imagined to be its posterior mean + innovation ·
    /// standard deviation, in each output: zeros for the plain fantasy, normal draws for a joint sample. The function
    /// itself is imagined, not a noisy observation of it, unless `noise` is given. If there is one output so far, it
    /// parts into as many as there are innovations. `features` [feature][point], `innovations` [point][output]; answers
    /// the imagined values. [point][output]
    Eigen::MatrixXd append_imagined(const Eigen::MatrixXd& features, const Eigen::MatrixXd& innovations,
                                    double noise = 0.0);
    /// Takes off the last observations until `count` are left.
    void truncate(Eigen::Index count);
    /// Replaces all targets, and the prior mean. `targets` [observation][output]: the number of outputs may change.
    void set_targets(const Eigen::MatrixXd& targets, double mean);

    [[nodiscard]] Eigen::Index size() const noexcept { return size_; }
    [[nodiscard]] Eigen::Index outputs() const noexcept { return whitened_.cols(); }
    [[nodiscard]] double mean() const noexcept { return mean_; }
    [[nodiscard]] const Hyperparameters& hyperparameters() const noexcept { return hyperparameters_; }
    [[nodiscard]] const Kernel& kernel() const noexcept { return kernel_; }

    /// `features` [feature][point].
    [[nodiscard]] numerics::Prediction predict(const Eigen::Ref<const Eigen::MatrixXd>& features) const;
    /// The mean alone, for n instead of n² operations a point. [output][point]
    [[nodiscard]] Eigen::MatrixXd predict_mean(const Eigen::Ref<const Eigen::MatrixXd>& features) const;
    /// Gradients leave the main effects of categories out: nobody moves a category along a gradient.
    [[nodiscard]] PredictionGradient predict_with_gradient(const Eigen::VectorXd& feature) const;
    /// Of the first output.
    [[nodiscard]] LeaveOneOut leave_one_out() const;
    [[nodiscard]] double log_marginal_likelihood() const;
    /// Posterior mean of the function, without noise, at each observation, for next to nothing. \pre all are
    /// observations without further doubts. [observation][output]
    [[nodiscard]] Eigen::MatrixXd smoothed_targets() const;
    /// The constant prior mean under which these targets of all observations are most likely. `targets` [observation].
    [[nodiscard]] double most_likely_mean(const Eigen::VectorXd& targets) const;

  private:
    [[nodiscard]] auto factor() const { return factor_.topLeftCorner(size_, size_); }
    /// `a` [feature][i], `b` [feature][j], both divided by length-scales. [i][j]
    [[nodiscard]] Eigen::MatrixXd kernel_between(const Eigen::Ref<const Eigen::MatrixXd>& a,
                                                 const Eigen::Ref<const Eigen::MatrixXd>& b) const;
    [[nodiscard]] Eigen::MatrixXd covariances(const Eigen::Ref<const Eigen::MatrixXd>& features) const;
    [[nodiscard]] double least_variance() const noexcept;
    /// Makes room for another row, writes it but for its targets, and answers its diagonal entry.
    double extend_factor(const Eigen::VectorXd& feature, double noise);
    void reserve(Eigen::Index count);
    void solve_weights();

    Kernel kernel_;
    Hyperparameters hyperparameters_;
    double mean_;
    Eigen::VectorXd inverse_scales_;  ///< [feature]
    Eigen::Index size_{0};
    // With room for more than `size_` rows or columns.
    Eigen::MatrixXd scaled_;    ///< [feature][observation]
    Eigen::MatrixXd factor_;    ///< lower triangle L of the covariance with noise
    Eigen::MatrixXd whitened_;  ///< L⁻¹ (targets − mean). [observation][output]
    Eigen::MatrixXd weights_;   ///< L⁻ᵀ whitened. [observation][output], exactly `size_` rows
};

}  // namespace hpogrid::optimizers
