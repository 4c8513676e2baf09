#pragma once

#include "engine/optimizers/gaussian_process/kernel.hpp"
#include "engine/optimizers/gaussian_process/marginal_likelihood.hpp"
#include "engine/optimizers/gaussian_process/prior.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <span>

namespace hpogrid::optimizers {

/// What is believed of one hyperparameter before data. Equal bounds fix it.
struct HyperparameterBelief {
    double initial;
    double lower;
    double upper;
    Prior prior{FlatPrior{}};
};

/// A Gaussian process but for its hyperparameters and data.
struct ProcessModel {
    Kernel kernel;
    PriorMean mean{PriorMean::zero};
    HyperparameterBelief length_scale{0.5, 1e-3, 1e3};  ///< of every group
    HyperparameterBelief amplitude{1.0, 1e-3, 1e3};
    HyperparameterBelief noise{1e-2, 1e-6, 1.0};

    [[nodiscard]] Hyperparameters initial() const;
};

struct FitLimits {
    std::size_t evaluations{40};  ///< of the likelihood, for each start
    std::size_t iterations{30};
};

struct FitResult {
    Hyperparameters hyperparameters;
    double mean;           ///< the prior mean that belongs to them
    double log_posterior;  ///< up to a constant; −∞ if no start could be evaluated: then the first start is answered
};

/// The most likely hyperparameters a posteriori: L-BFGS-B on their logarithms from each start, moved inside the bounds.
/// Never throws for what the data are. `features` [feature][observation], `targets` [observation], standardised;
/// `doubts` as in LikelihoodEvaluator. \pre starts is not empty
[[nodiscard]] FitResult fit_hyperparameters(const ProcessModel& model, const Eigen::MatrixXd& features,
                                            const Eigen::VectorXd& targets, std::span<const Hyperparameters> starts,
                                            const FitLimits& limits = {}, const Eigen::VectorXd& doubts = {});

}  // namespace hpogrid::optimizers
