#include "engine/optimizers/gaussian_process/marginal_likelihood.hpp"

#include "engine/numerics/cholesky.hpp"

#include <cmath>
#include <numbers>
#include <utility>

namespace hpogrid::optimizers {

using Eigen::Index;
using Eigen::Lower;
using Eigen::MatrixXd;
using Eigen::VectorXd;

LikelihoodEvaluator::LikelihoodEvaluator(const Kernel& kernel, PriorMean mean, const MatrixXd& features,
                                         const VectorXd& targets, VectorXd doubts)
    : kernel_{kernel}, mean_{mean}, features_{features}, targets_{targets}, doubts_{std::move(doubts)} {
    const Index n = targets.size();
    for (MatrixXd* square : {&covariance_, &slopes_, &factor_, &inverse_}) {
        square->resize(n, n);
    }
}

bool LikelihoodEvaluator::factor(const Hyperparameters& hyperparameters) {
    const VectorXd inverse_scales = kernel_.inverse_scales(hyperparameters);
    scaled_ = inverse_scales.asDiagonal() * features_;
    squared_distances(scaled_, scaled_, covariance_);
    apply_profile(kernel_.smoothness, kernel_.profile_amplitude(hyperparameters.amplitude), covariance_, slopes_);
    kernel_.add_main_effects(inverse_scales, hyperparameters.amplitude, scaled_, scaled_, covariance_);
    if (doubts_.size() == 0) {
        return numerics::cholesky_with_jitter(covariance_, hyperparameters.noise, hyperparameters.amplitude, factor_) >=
               0.0;
    }
    // They do not depend on the amplitude, whose slope wants the covariance alone.
    const VectorXd diagonal = covariance_.diagonal();
    covariance_.diagonal() += doubts_;
    const bool regular =
        numerics::cholesky_with_jitter(covariance_, hyperparameters.noise, hyperparameters.amplitude, factor_) >= 0.0;
    covariance_.diagonal() = diagonal;
    return regular;
}

std::optional<MarginalLikelihood> LikelihoodEvaluator::operator()(const Hyperparameters& hyperparameters,
                                                                  Gradients gradients) {
    if (!factor(hyperparameters)) {
        return std::nullopt;
    }
    const Index n = targets_.size();
    MarginalLikelihood result;
    result.value =
        -factor_.diagonal().array().log().sum() - 0.5 * static_cast<double>(n) * std::log(2.0 * std::numbers::pi);
    numerics::invert_lower_triangle(factor_);
    inverse_.setZero();
    inverse_.selfadjointView<Lower>().rankUpdate(factor_.transpose());
    const auto inverse = inverse_.selfadjointView<Lower>();

    result.mean = 0.0;
    if (mean_ == PriorMean::constant) {
        const VectorXd weights = inverse * VectorXd::Ones(n);
        result.mean = weights.dot(targets_) / weights.sum();
    }
    const VectorXd residual = targets_.array() - result.mean;
    const VectorXd weights = inverse * residual;
    result.value -= 0.5 * residual.dot(weights);

    // d value / d K = (w wᵀ − K⁻¹) / 2; the mean is at its optimum and contributes nothing.
    inverse_.triangularView<Eigen::StrictlyUpper>() = inverse_.transpose();
    MatrixXd& sensitivity = inverse_;
    sensitivity *= -0.5;
    sensitivity.noalias() += 0.5 * weights * weights.transpose();
    result.log_noise_slope = hyperparameters.noise * sensitivity.trace();
    result.log_amplitude_slope = sensitivity.cwiseProduct(covariance_).sum();

    MatrixXd& pairs = sensitivity;
    pairs.array() *= slopes_.array();
    const VectorXd sums = pairs.rowwise().sum();
    const MatrixXd products = scaled_ * pairs;
    const VectorXd by_feature = 2.0 * (scaled_.cwiseAbs2() * sums - scaled_.cwiseProduct(products).rowwise().sum());
    result.log_scale_gradient.setZero(static_cast<Index>(kernel_.group_count()));
    for (Index feature = 0; feature < by_feature.size(); ++feature) {
        // r² falls with ℓ²
        result.log_scale_gradient(static_cast<Index>(kernel_.groups[static_cast<std::size_t>(feature)])) -=
            2.0 * by_feature(feature);
    }
    if (gradients == Gradients::of_features_too) {
        result.feature_gradient =
            kernel_.inverse_scales(hyperparameters).asDiagonal() * (4.0 * (scaled_ * sums.asDiagonal() - products));
    }
    const bool finite = std::isfinite(result.value) && result.log_scale_gradient.allFinite() &&
                        std::isfinite(result.log_amplitude_slope) && std::isfinite(result.log_noise_slope);
    return finite ? std::optional{std::move(result)} : std::nullopt;
}

}  // namespace hpogrid::optimizers
