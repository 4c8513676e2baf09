#include "engine/optimizers/forest/forest.hpp"

#include "tests/unit/optimizers/gaussian_process/data_sets.hpp"

#include <gtest/gtest.h>

namespace hpogrid::optimizers {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

const ForestOptions extra_trees{.tree = {.thresholds = TreeOptions::Thresholds::random}, .bootstrap = false};

TEST(Forest, PredictsWhatItHasNotSeen) {
    const MatrixXd features = random_features(2, 400);
    const VectorXd targets = wavy_targets(features, 0.0);
    const MatrixXd unseen = random_features(2, 200, 77);
    const VectorXd truth = wavy_targets(unseen, 0.0);
    for (const ForestOptions& options : {ForestOptions{}, extra_trees}) {
        RandomStream random{1, 0, RandomPurpose::model};
        const numerics::Prediction prediction = Forest{features, targets, options, random}.predict(unseen);
        const double error = (prediction.mean.row(0).transpose() - truth).squaredNorm() / 200.0;
        const double spread = (truth.array() - truth.mean()).square().mean();
        EXPECT_LT(error, 0.05 * spread);
    }
}

TEST(Forest, DoubtsMoreWhereTargetsScatter) {
    const MatrixXd features = random_features(1, 300);
    RandomStream random{1, 0, RandomPurpose::model};
    const VectorXd targets =
        VectorXd::NullaryExpr(300, [&](Eigen::Index i) { return features(0, i) < 0.5 ? 0.0 : random.normal(); });
    const numerics::Prediction prediction =
        Forest{features, targets, {}, random}.predict((MatrixXd(1, 2) << 0.2, 0.8).finished());
    EXPECT_LT(prediction.variance(0), 0.01);
    EXPECT_NEAR(prediction.variance(1), 1.0, 0.5);
}

TEST(Forest, HasAVarianceAboveZeroEverywhere) {
    RandomStream random{1, 0, RandomPurpose::model};
    const MatrixXd features = random_features(2, 20);
    const numerics::Prediction prediction = Forest{features, VectorXd::Ones(20), {}, random}.predict(features);
    EXPECT_GT(prediction.variance.minCoeff(), 0.0);
    EXPECT_NEAR((prediction.mean.array() - 1.0).abs().maxCoeff(), 0.0, 1e-12);
    const numerics::Prediction single = Forest{features.leftCols(1), VectorXd::Ones(1), {}, random}.predict(features);
    EXPECT_NEAR(single.mean(0), 1.0, 1e-12);
}

}  // namespace
}  // namespace hpogrid::optimizers
