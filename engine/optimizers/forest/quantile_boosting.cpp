#include "engine/optimizers/forest/quantile_boosting.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace hpogrid::optimizers {
namespace {

using Eigen::Index;

constexpr double least_variance = 1e-10;

/// Linear between order statistics. \pre values is not empty
double quantile_of(std::vector<double> values, double quantile) {
    std::ranges::sort(values);
    const double place = quantile * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return std::lerp(values[below], values[above], place - std::floor(place));
}

}  // namespace

BoostedQuantile::BoostedQuantile(const Eigen::MatrixXd& features, const Eigen::VectorXd& targets, double quantile,
                                 const BoostingOptions& options, RandomStream& random)
    : start_{quantile_of({targets.begin(), targets.end()}, quantile)} {
    std::vector<std::size_t> rows(static_cast<std::size_t>(targets.size()));
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    Eigen::VectorXd fitted = Eigen::VectorXd::Constant(targets.size(), start_);
    for (std::size_t stage = 0; stage < options.trees; ++stage) {
        const Eigen::VectorXd descent = (targets.array() > fitted.array())
                                            .select(Eigen::VectorXd::Constant(targets.size(), quantile),
                                                    Eigen::VectorXd::Constant(targets.size(), quantile - 1.0));
        RegressionTree tree{features, descent, rows, options.tree, random};
        std::vector<std::vector<double>> residuals(tree.leaves().size());
        std::vector<std::size_t> leaves;
        for (Index row = 0; row < targets.size(); ++row) {
            leaves.push_back(tree.leaf_of(features.col(row).data()));
            residuals[leaves.back()].push_back(targets(row) - fitted(row));
        }
        std::vector<double> steps;
        for (std::vector<double>& own : residuals) {
            steps.push_back(options.learning_rate * quantile_of(std::move(own), quantile));
        }
        for (Index row = 0; row < targets.size(); ++row) {
            fitted(row) += steps[leaves[static_cast<std::size_t>(row)]];
        }
        stages_.push_back({std::move(tree), std::move(steps)});
    }
}

Eigen::VectorXd BoostedQuantile::predict(const Eigen::Ref<const Eigen::MatrixXd>& features) const {
    Eigen::VectorXd predicted = Eigen::VectorXd::Constant(features.cols(), start_);
    for (const Stage& stage : stages_) {
        for (Index point = 0; point < features.cols(); ++point) {
            predicted(point) += stage.steps[stage.tree.leaf_of(features.col(point).data())];
        }
    }
    return predicted;
}

QuantileBoosting::QuantileBoosting(const Eigen::MatrixXd& features, const Eigen::VectorXd& targets,
                                   const BoostingOptions& options, RandomStream& random)
    : low_{features, targets, 0.16, options, random},
      median_{features, targets, 0.5, options, random},
      high_{features, targets, 0.84, options, random} {}

numerics::Prediction QuantileBoosting::predict(const Eigen::Ref<const Eigen::MatrixXd>& features) const {
    const Eigen::VectorXd deviation = 0.5 * (high_.predict(features) - low_.predict(features));
    // Quantiles that are fitted one by one may cross.
    return {median_.predict(features).transpose(), deviation.cwiseMax(0.0).cwiseAbs2().cwiseMax(least_variance)};
}

}  // namespace hpogrid::optimizers
