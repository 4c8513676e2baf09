#pragma once

#include "engine/optimizers/acquisition/acquisition.hpp"
#include "engine/optimizers/acquisition/criteria.hpp"
#include "engine/optimizers/gaussian_process/regression.hpp"

#include <functional>
#include <variant>

namespace hpogrid::optimizers {

// Criteria over a model, see criteria.hpp. Improvements are maximised by their logarithm, which orders points equally.

struct ExpectedImprovement {
    double best;
};
struct ProbabilityOfImprovement {
    double best;
};
struct LowerConfidenceBound {
    double kappa;
};
using PointwiseCriterion = std::variant<ExpectedImprovement, ProbabilityOfImprovement, LowerConfidenceBound>;

[[nodiscard]] Criterion evaluate(const PointwiseCriterion& criterion, double mean, double deviation) noexcept;

/// A criterion over the first output of a Gaussian process.
class ProcessAcquisition final : public Acquisition {
  public:
    /// `process` outlives this.
    ProcessAcquisition(const GaussianProcess& process, PointwiseCriterion criterion);

    [[nodiscard]] Eigen::VectorXd values(const Eigen::Ref<const Eigen::MatrixXd>& features) const override;
    [[nodiscard]] bool smooth() const noexcept override { return true; }
    double value_and_gradient(const Eigen::VectorXd& feature, Eigen::VectorXd& gradient) const override;

  private:
    const GaussianProcess& process_;
    PointwiseCriterion criterion_;
};

/// A criterion over any model that predicts mean and variance, without gradients.
class PredictionAcquisition final : public Acquisition {
  public:
    using Predictor = std::function<numerics::Prediction(const Eigen::Ref<const Eigen::MatrixXd>& features)>;

    PredictionAcquisition(Predictor predictor, PointwiseCriterion criterion);

    [[nodiscard]] Eigen::VectorXd values(const Eigen::Ref<const Eigen::MatrixXd>& features) const override;
    [[nodiscard]] bool smooth() const noexcept override { return false; }
    /// \pre false
    double value_and_gradient(const Eigen::VectorXd& feature, Eigen::VectorXd& gradient) const override;

  private:
    Predictor predictor_;
    PointwiseCriterion criterion_;
};

/// Logarithm of the expected improvement where the best value is not known but for noise: the average over outputs of
/// the process, each a joint sample of what the function is at observed and pending points (append_imagined).
/// Source: Letham, Karrer, Ottoni, Bakshy, "Constrained Bayesian Optimization with Noisy Experiments", Bayesian
/// Analysis 14 (2019), section 4; in logarithms as Ament et al. (2023), section 4.3.
class NoisyExpectedImprovement final : public Acquisition {
  public:
    /// `process` outlives this. `best`: the lowest value in each sample. [output]
    NoisyExpectedImprovement(const GaussianProcess& process, Eigen::VectorXd best);

    [[nodiscard]] Eigen::VectorXd values(const Eigen::Ref<const Eigen::MatrixXd>& features) const override;
    [[nodiscard]] bool smooth() const noexcept override { return true; }
    double value_and_gradient(const Eigen::VectorXd& feature, Eigen::VectorXd& gradient) const override;

  private:
    const GaussianProcess& process_;
    Eigen::VectorXd best_;
};

}  // namespace hpogrid::optimizers
