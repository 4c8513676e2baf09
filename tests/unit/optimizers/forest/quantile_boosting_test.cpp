#include "engine/optimizers/forest/quantile_boosting.hpp"

#include "tests/unit/optimizers/gaussian_process/data_sets.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hpogrid::optimizers {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

TEST(QuantileBoosting, FindsTheQuantilesOfScatteredTargets) {
    RandomStream random{1, 0, RandomPurpose::model};
    const MatrixXd features = random_features(1, 2000);
    const VectorXd targets = VectorXd::NullaryExpr(
        2000, [&](Eigen::Index i) { return 10.0 * std::round(features(0, i)) + random.normal(); });
    const MatrixXd points = (MatrixXd(1, 2) << 0.25, 0.75).finished();
    BoostingOptions options;
    options.trees = 100;
    const numerics::Prediction prediction = QuantileBoosting{features, targets, options, random}.predict(points);
    EXPECT_NEAR(prediction.mean(0), 0.0, 0.3);
    EXPECT_NEAR(prediction.mean(1), 10.0, 0.3);
    EXPECT_NEAR(std::sqrt(prediction.variance(0)), 1.0, 0.3);
    EXPECT_NEAR(std::sqrt(prediction.variance(1)), 1.0, 0.3);
}

TEST(QuantileBoosting, SurvivesEqualTargetsAndASingleRow) {
    RandomStream random{1, 0, RandomPurpose::model};
    for (const Eigen::Index rows : {1, 10}) {
        const MatrixXd features = random_features(2, rows);
        const numerics::Prediction prediction =
            QuantileBoosting{features, VectorXd::Constant(rows, 3.0), {}, random}.predict(features);
        EXPECT_DOUBLE_EQ(prediction.mean(0), 3.0);
        EXPECT_GT(prediction.variance(0), 0.0);
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
