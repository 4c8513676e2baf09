#include "engine/schedulers/time_varying_process.hpp"

#include "engine/numerics/bounded_minimizer.hpp"
#include "engine/numerics/cholesky.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace hpogrid::schedulers {
namespace {

using Eigen::Index;
using Eigen::Lower;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Hyperparameters = TimeVaryingProcess::Hyperparameters;

using FiveNumbers = Eigen::Matrix<double, 5, 1>;

/// By the amplitude.
constexpr double least_variance = 1e-9;

const FiveNumbers lowest{0.01, 0.05, 0.5, 1e-5, 1e-4};
const FiveNumbers highest{100.0, 20.0, 20.0, 0.5, 1.0};

FiveNumbers logarithms(const Hyperparameters& h) {
    return FiveNumbers{h.amplitude, h.length_scale, h.state_scale, h.forgetting, h.noise}.array().log();
}

Hyperparameters from_logarithms(const VectorXd& logarithms) {
    // exp(log(bound)) may miss the bound by a rounding.
    const FiveNumbers h = logarithms.array().exp().matrix().cwiseMax(lowest).cwiseMin(highest);
    return {h(0), h(1), h(2), h(3), h(4)};
}

/// [i][j]
MatrixXd squared_distances(const MatrixXd& features) {
    const VectorXd norms = features.colwise().squaredNorm();
    MatrixXd distances = -2.0 * features.transpose() * features;
    distances.colwise() += norms;
    distances.rowwise() += norms.transpose();
    return distances.cwiseMax(0.0);
}

/// |a_i − a_j|. [i][j]
MatrixXd gaps(const VectorXd& numbers) {
    const Index count = numbers.size();
    return (numbers.replicate(1, count) - numbers.transpose().replicate(count, 1)).cwiseAbs();
}

/// How far points lie apart, any number of pairs of them in a table.
struct Distances {
    MatrixXd features;  ///< squared
    MatrixXd states;    ///< squared
    MatrixXd times;

    /// Of the function at the two points of each pair, without noise.
    [[nodiscard]] MatrixXd covariance(const Hyperparameters& h) const {
        const double by_features = -0.5 / (h.length_scale * h.length_scale);
        const double by_states = -0.5 / (h.state_scale * h.state_scale);
        const double by_times = std::log1p(-h.forgetting) / 2;
        return h.amplitude *
               (by_features * features.array() + by_states * states.array() + by_times * times.array()).exp();
    }
};

Distances distances(const MatrixXd& features, const VectorXd& states, const VectorXd& times) {
    return {squared_distances(features), gaps(states).cwiseAbs2(), gaps(times)};
}

/// Computes likelihoods of one data set for many hyperparameters.
class LikelihoodEvaluator {
  public:
    explicit LikelihoodEvaluator(const TimeVaryingProcess::Data& data)
        : targets_{data.targets},
          distances_{distances(data.features, data.states, data.times)},
          factor_(data.targets.size(), data.targets.size()) {}

    TimeVaryingProcess::Likelihood operator()(const Hyperparameters& h) {
        const MatrixXd k = distances_.covariance(h);
        if (numerics::cholesky_with_jitter(k, h.noise, h.amplitude, factor_) < 0.0) {
            return {-std::numeric_limits<double>::infinity(), FiveNumbers::Zero()};
        }
        const double log_determinant = factor_.diagonal().array().log().sum();
        numerics::invert_lower_triangle(factor_);
        const VectorXd whitened = factor_.triangularView<Lower>() * targets_;
        const VectorXd weights = factor_.triangularView<Lower>().transpose() * whitened;
        const auto n = static_cast<double>(targets_.size());
        const double value =
            -0.5 * whitened.squaredNorm() - log_determinant - 0.5 * n * std::log(2.0 * std::numbers::pi);
        // Half of (w wᵀ − K⁻¹), of whose products with derivatives of K the traces are derivatives.
        MatrixXd sensitivity = weights * weights.transpose();
        sensitivity.noalias() -= factor_.transpose() * factor_;
        sensitivity *= 0.5;
        const MatrixXd product = sensitivity.cwiseProduct(k);
        FiveNumbers gradient;
        gradient << product.sum(), product.cwiseProduct(distances_.features).sum() / (h.length_scale * h.length_scale),
            product.cwiseProduct(distances_.states).sum() / (h.state_scale * h.state_scale),
            -0.5 * h.forgetting / (1.0 - h.forgetting) * product.cwiseProduct(distances_.times).sum(),
            h.noise * sensitivity.trace();
        return {value, gradient};
    }

  private:
    const VectorXd& targets_;
    Distances distances_;
    MatrixXd factor_;
};

}  // namespace

TimeVaryingProcess::Likelihood TimeVaryingProcess::likelihood(const Data& data, const Hyperparameters& h) {
    return LikelihoodEvaluator{data}(h);
}

Hyperparameters TimeVaryingProcess::fit(const Data& data, const Hyperparameters& start) {
    LikelihoodEvaluator evaluate{data};
    const numerics::SmoothFunction objective = [&](const VectorXd& x, VectorXd& gradient) {
        const Likelihood likelihood = evaluate(from_logarithms(x));
        gradient = -likelihood.gradient;
        return -likelihood.value;
    };
    const auto minimum =
        numerics::minimize_bounded(objective, logarithms(start), lowest.array().log(), highest.array().log(),
                                   {.gradient_tolerance = 1e-3, .value_tolerance = 1e-6});
    return std::isfinite(minimum.value) ? from_logarithms(minimum.x) : start;
}

TimeVaryingProcess::TimeVaryingProcess(const Data& data, const Hyperparameters& hyperparameters)
    : hyperparameters_{hyperparameters},
      features_{data.features},
      states_{data.states},
      times_{data.times},
      weights_{data.targets},
      factor_(data.targets.size(), data.targets.size()) {
    const MatrixXd k = distances(features_, states_, times_).covariance(hyperparameters_);
    static_cast<void>(numerics::cholesky_with_jitter(k, hyperparameters_.noise, hyperparameters_.amplitude, factor_));
    factor_.triangularView<Lower>().solveInPlace(weights_);
    factor_.triangularView<Lower>().transpose().solveInPlace(weights_);
}

void TimeVaryingProcess::imagine(const Place& place) {
    const VectorXd row = factor_.triangularView<Lower>().solve(covariances(place));
    const Index count = times_.size();
    factor_.conservativeResize(count + 1, count + 1);
    factor_.row(count).head(count) = row;
    factor_(count, count) = std::sqrt(std::max(hyperparameters_.amplitude + hyperparameters_.noise - row.squaredNorm(),
                                               least_variance * hyperparameters_.amplitude));
    features_.conservativeResize(Eigen::NoChange, count + 1);
    features_.col(count) = place.features;
    states_.conservativeResize(count + 1);
    states_(count) = place.state;
    times_.conservativeResize(count + 1);
    times_(count) = place.time;
}

VectorXd TimeVaryingProcess::covariances(const Place& place) const {
    const Distances apart{(features_.colwise() - place.features).colwise().squaredNorm().transpose(),
                          (states_.array() - place.state).square(), (times_.array() - place.time).abs()};
    return apart.covariance(hyperparameters_);
}

TimeVaryingProcess::Belief TimeVaryingProcess::predict(const Place& place) const {
    const Hyperparameters& h = hyperparameters_;
    const VectorXd k = covariances(place);
    const VectorXd whitened = factor_.triangularView<Lower>().solve(k);
    const VectorXd solved = factor_.triangularView<Lower>().transpose().solve(whitened);
    // dk_i/dx = k_i (x_i − x) / ℓ²
    const MatrixXd slopes = (features_.colwise() - place.features) * k.asDiagonal() /
                            (h.length_scale * h.length_scale);  // [feature][point]
    const Index observed = weights_.size();
    return {.mean = k.head(observed).dot(weights_),
            .variance = std::max(h.amplitude - whitened.squaredNorm(), least_variance * h.amplitude),
            .mean_gradient = slopes.leftCols(observed) * weights_,
            .variance_gradient = -2.0 * slopes * solved};
}

}  // namespace hpogrid::schedulers
