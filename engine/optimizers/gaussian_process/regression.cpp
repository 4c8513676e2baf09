#include "engine/optimizers/gaussian_process/regression.hpp"

#include "engine/numerics/cholesky.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace hpogrid::optimizers {
namespace {

using Eigen::Index;
using Eigen::Lower;
using Eigen::MatrixXd;
using Eigen::RowVectorXd;
using Eigen::VectorXd;

/// Points a block of a prediction: large enough for matrix products, small enough for the cache.
constexpr Index block_size = 256;

}  // namespace

GaussianProcess::GaussianProcess(Kernel kernel, Hyperparameters hyperparameters, double mean)
    : kernel_{std::move(kernel)},
      hyperparameters_{std::move(hyperparameters)},
      mean_{mean},
      inverse_scales_{kernel_.inverse_scales(hyperparameters_)},
      scaled_(inverse_scales_.size(), 0),
      whitened_(0, 1),
      weights_(0, 1) {}

double GaussianProcess::least_variance() const noexcept {
    return 1e-12 * hyperparameters_.amplitude;
}

void GaussianProcess::reserve(Index count) {
    if (count <= factor_.rows()) {
        return;
    }
    const Index capacity = std::max(count, factor_.rows() + factor_.rows() / 4 + 16);
    factor_.conservativeResize(capacity, capacity);
    scaled_.conservativeResize(Eigen::NoChange, capacity);
    whitened_.conservativeResize(capacity, Eigen::NoChange);
}

bool GaussianProcess::observe(const MatrixXd& features, const MatrixXd& targets, const VectorXd& doubts) {
    size_ = 0;
    const Index count = features.cols();
    reserve(count);
    scaled_.leftCols(count) = inverse_scales_.asDiagonal() * features;
    MatrixXd covariance = kernel_between(scaled_.leftCols(count), scaled_.leftCols(count));
    if (doubts.size() > 0) {
        covariance.diagonal() += doubts;
    }
    const bool regular = numerics::cholesky_with_jitter(covariance, hyperparameters_.noise, hyperparameters_.amplitude,
                                                        factor_.topLeftCorner(count, count)) >= 0.0;
    size_ = regular ? count : 0;
    set_targets(targets.topRows(size_), mean_);
    return regular;
}

void GaussianProcess::set_targets(const MatrixXd& targets, double mean) {
    mean_ = mean;
    whitened_.resize(factor_.rows(), targets.cols());
    whitened_.topRows(size_) = targets.array() - mean;
    factor().triangularView<Lower>().solveInPlace(whitened_.topRows(size_));
    solve_weights();
}

void GaussianProcess::solve_weights() {
    weights_ = whitened_.topRows(size_);
    factor().transpose().triangularView<Eigen::Upper>().solveInPlace(weights_);
}

double GaussianProcess::extend_factor(const VectorXd& feature, double noise) {
    reserve(size_ + 1);
    VectorXd row = covariances(feature);
    factor().triangularView<Lower>().solveInPlace(row);
    scaled_.col(size_) = inverse_scales_.cwiseProduct(feature);
    const double rest = hyperparameters_.amplitude - row.squaredNorm();
    const double least = numerics::jitter_ladder[1] * hyperparameters_.amplitude;
    const double diagonal = std::sqrt(std::max(std::max(rest, 0.0) + noise, least));
    factor_.row(size_).head(size_) = row.transpose();
    factor_(size_, size_) = diagonal;
    return diagonal;
}

void GaussianProcess::append(const VectorXd& feature, const RowVectorXd& targets, double doubt) {
    const double diagonal = extend_factor(feature, hyperparameters_.noise + doubt);
    const RowVectorXd explained = factor_.row(size_).head(size_) * whitened_.topRows(size_);
    whitened_.row(size_) = (targets.array() - mean_ - explained.array()) / diagonal;
    ++size_;
    solve_weights();
}

MatrixXd GaussianProcess::append_imagined(const MatrixXd& features, const MatrixXd& innovations, double noise) {
    const bool plain = innovations.isZero(0.0) && innovations.cols() == outputs();
    if (innovations.cols() != outputs()) {
        whitened_ = whitened_.col(0).replicate(1, innovations.cols()).eval();
    }
    reserve(size_ + features.cols());
    MatrixXd imagined(innovations.rows(), innovations.cols());
    for (Index point = 0; point < features.cols(); ++point) {
        const double diagonal = extend_factor(features.col(point), noise);
        imagined.row(point) = factor_.row(size_).head(size_) * whitened_.topRows(size_);
        imagined.row(point) += diagonal * innovations.row(point);
        whitened_.row(size_) = innovations.row(point);
        ++size_;
    }
    if (plain) {
        // Imagining what is expected changes no weight.
        weights_.conservativeResize(size_, Eigen::NoChange);
        weights_.bottomRows(features.cols()).setZero();
    } else {
        solve_weights();
    }
    return imagined.array() + mean_;
}

void GaussianProcess::truncate(Index count) {
    if (count < size_) {
        size_ = count;
        solve_weights();
    }
}

MatrixXd GaussianProcess::kernel_between(const Eigen::Ref<const MatrixXd>& a,
                                         const Eigen::Ref<const MatrixXd>& b) const {
    MatrixXd covariances(a.cols(), b.cols());
    squared_distances(a, b, covariances);
    apply_profile(kernel_.smoothness, kernel_.profile_amplitude(hyperparameters_.amplitude), covariances);
    kernel_.add_main_effects(inverse_scales_, hyperparameters_.amplitude, a, b, covariances);
    return covariances;
}

MatrixXd GaussianProcess::covariances(const Eigen::Ref<const MatrixXd>& features) const {
    return kernel_between(scaled_.leftCols(size_), inverse_scales_.asDiagonal() * features);
}

numerics::Prediction GaussianProcess::predict(const Eigen::Ref<const MatrixXd>& features) const {
    const Index count = features.cols();
    numerics::Prediction prediction{MatrixXd(outputs(), count), VectorXd(count)};
    for (Index first = 0; first < count; first += block_size) {
        const Index length = std::min(block_size, count - first);
        MatrixXd block = covariances(features.middleCols(first, length));
        prediction.mean.middleCols(first, length).noalias() = weights_.transpose() * block;
        factor().triangularView<Lower>().solveInPlace(block);
        prediction.variance.segment(first, length) =
            (hyperparameters_.amplitude - block.colwise().squaredNorm().array()).cwiseMax(least_variance());
    }
    prediction.mean.array() += mean_;
    return prediction;
}

MatrixXd GaussianProcess::predict_mean(const Eigen::Ref<const MatrixXd>& features) const {
    const Index count = features.cols();
    MatrixXd mean(outputs(), count);
    for (Index first = 0; first < count; first += block_size) {
        const Index length = std::min(block_size, count - first);
        mean.middleCols(first, length).noalias() =
            weights_.transpose() * covariances(features.middleCols(first, length));
    }
    return mean.array() + mean_;
}

PredictionGradient GaussianProcess::predict_with_gradient(const VectorXd& feature) const {
    const auto known = scaled_.leftCols(size_);
    const VectorXd scaled = inverse_scales_.cwiseProduct(feature);
    VectorXd covariance = (known.colwise() - scaled).colwise().squaredNorm();
    VectorXd slopes(size_);
    apply_profile(kernel_.smoothness, kernel_.profile_amplitude(hyperparameters_.amplitude), covariance, slopes);
    kernel_.add_main_effects(inverse_scales_, hyperparameters_.amplitude, known, scaled, covariance);

    PredictionGradient result;
    result.mean = (weights_.transpose() * covariance).array() + mean_;
    factor().triangularView<Lower>().solveInPlace(covariance);
    const double variance = hyperparameters_.amplitude - covariance.squaredNorm();
    result.variance = std::max(variance, least_variance());
    factor().transpose().triangularView<Eigen::Upper>().solveInPlace(covariance);

    // Σ_i c_i ∂r²_i/∂x = 2/ℓ (x Σ c_i − Σ_i c_i x_i), for the weights of the mean and of the variance at once.
    MatrixXd coefficients(size_, outputs() + 1);
    coefficients.leftCols(outputs()) = weights_.array().colwise() * slopes.array();
    coefficients.col(outputs()) =
        variance > least_variance() ? VectorXd(-2.0 * covariance.cwiseProduct(slopes)) : VectorXd::Zero(size_);
    MatrixXd gradients = scaled * coefficients.colwise().sum() - known * coefficients;
    gradients = (2.0 * inverse_scales_).asDiagonal() * gradients;
    result.mean_gradient = gradients.leftCols(outputs());
    result.variance_gradient = gradients.col(outputs());
    return result;
}

LeaveOneOut GaussianProcess::leave_one_out() const {
    MatrixXd inverse_factor = factor().triangularView<Lower>();
    numerics::invert_lower_triangle(inverse_factor);
    const VectorXd precisions = inverse_factor.colwise().squaredNorm();
    const VectorXd targets = (factor().triangularView<Lower>() * whitened_.col(0).head(size_)).array() + mean_;
    return {targets - weights_.col(0).cwiseQuotient(precisions), precisions.cwiseInverse()};
}

MatrixXd GaussianProcess::smoothed_targets() const {
    // K w = targets − mean − noise w.
    const MatrixXd targets = factor().triangularView<Lower>() * whitened_.topRows(size_);
    return (targets - hyperparameters_.noise * weights_).array() + mean_;
}

double GaussianProcess::log_marginal_likelihood() const {
    return -0.5 * whitened_.col(0).head(size_).squaredNorm() - factor().diagonal().array().log().sum() -
           0.5 * static_cast<double>(size_) * std::log(2.0 * std::numbers::pi);
}

double GaussianProcess::most_likely_mean(const VectorXd& targets) const {
    // Generalised least squares: 1ᵀ K⁻¹ y / 1ᵀ K⁻¹ 1.
    const auto lower = factor().triangularView<Lower>();
    const VectorXd ones = lower.solve(VectorXd::Ones(size_));
    return size_ > 0 ? ones.dot(lower.solve(targets)) / ones.squaredNorm() : 0.0;
}

}  // namespace hpogrid::optimizers
