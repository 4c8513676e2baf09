#include "engine/optimizers/acquisition/process_acquisition.hpp"

#include "engine/core/overloaded.hpp"

#include <cmath>
#include <stdexcept>
#include <utility>

namespace hpogrid::optimizers {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

VectorXd values_of(const PointwiseCriterion& criterion, const numerics::Prediction& prediction) {
    VectorXd values(prediction.variance.size());
    for (Index i = 0; i < values.size(); ++i) {
        values(i) = evaluate(criterion, prediction.mean(0, i), std::sqrt(prediction.variance(i))).value;
    }
    return values;
}

}  // namespace

Criterion evaluate(const PointwiseCriterion& criterion, double mean, double deviation) noexcept {
    return std::visit(
        Overloaded{
            [&](ExpectedImprovement c) { return log_expected_improvement(mean, deviation, c.best); },
            [&](ProbabilityOfImprovement c) { return log_probability_of_improvement(mean, deviation, c.best); },
            [&](LowerConfidenceBound c) { return lower_confidence_bound(mean, deviation, c.kappa); },
        },
        criterion);
}

ProcessAcquisition::ProcessAcquisition(const GaussianProcess& process, PointwiseCriterion criterion)
    : process_{process}, criterion_{criterion} {}

VectorXd ProcessAcquisition::values(const Eigen::Ref<const MatrixXd>& features) const {
    return values_of(criterion_, process_.predict(features));
}

double ProcessAcquisition::value_and_gradient(const VectorXd& feature, VectorXd& gradient) const {
    const PredictionGradient prediction = process_.predict_with_gradient(feature);
    const double deviation = std::sqrt(prediction.variance);
    const Criterion criterion = evaluate(criterion_, prediction.mean(0), deviation);
    gradient = criterion.mean_slope * prediction.mean_gradient.col(0) +
               criterion.deviation_slope / (2.0 * deviation) * prediction.variance_gradient;
    return criterion.value;
}

PredictionAcquisition::PredictionAcquisition(Predictor predictor, PointwiseCriterion criterion)
    : predictor_{std::move(predictor)}, criterion_{criterion} {}

VectorXd PredictionAcquisition::values(const Eigen::Ref<const MatrixXd>& features) const {
    return values_of(criterion_, predictor_(features));
}

double PredictionAcquisition::value_and_gradient(const VectorXd& /*feature*/, VectorXd& /*gradient*/) const {
    throw std::logic_error{"a prediction without gradients was asked for one"};
}

NoisyExpectedImprovement::NoisyExpectedImprovement(const GaussianProcess& process, VectorXd best)
    : process_{process}, best_{std::move(best)} {}

VectorXd NoisyExpectedImprovement::values(const Eigen::Ref<const MatrixXd>& features) const {
    const numerics::Prediction prediction = process_.predict(features);
    VectorXd values(features.cols());
    VectorXd logs(best_.size());
    for (Index i = 0; i < values.size(); ++i) {
        const double deviation = std::sqrt(prediction.variance(i));
        for (Index sample = 0; sample < logs.size(); ++sample) {
            logs(sample) = log_expected_improvement(prediction.mean(sample, i), deviation, best_(sample)).value;
        }
        const double most = logs.maxCoeff();
        values(i) = most + std::log((logs.array() - most).exp().mean());
    }
    return values;
}

double NoisyExpectedImprovement::value_and_gradient(const VectorXd& feature, VectorXd& gradient) const {
    const PredictionGradient prediction = process_.predict_with_gradient(feature);
    const double deviation = std::sqrt(prediction.variance);
    VectorXd logs(best_.size());
    VectorXd mean_slopes(best_.size());
    VectorXd deviation_slopes(best_.size());
    for (Index sample = 0; sample < logs.size(); ++sample) {
        const Criterion criterion = log_expected_improvement(prediction.mean(sample), deviation, best_(sample));
        logs(sample) = criterion.value;
        mean_slopes(sample) = criterion.mean_slope;
        deviation_slopes(sample) = criterion.deviation_slope;
    }
    const double most = logs.maxCoeff();
    VectorXd shares = (logs.array() - most).exp();
    const double total = shares.sum();
    shares /= total;
    gradient = prediction.mean_gradient * mean_slopes.cwiseProduct(shares) +
               deviation_slopes.dot(shares) / (2.0 * deviation) * prediction.variance_gradient;
    return most + std::log(total / static_cast<double>(logs.size()));
}

}  // namespace hpogrid::optimizers
