#include "engine/optimizers/acquisition/process_acquisition.hpp"

#include "tests/unit/optimizers/gaussian_process/data_sets.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hpogrid::optimizers {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

class OverAProcess : public testing::Test {
  protected:
    OverAProcess() { EXPECT_TRUE(process_.observe(features_, wavy_targets(features_))); }
    void expect_consistent(const Acquisition& acquisition) const {
        for (const std::uint64_t seed : {5U, 6U, 7U}) {
            const VectorXd at = random_features(2, 1, seed);
            VectorXd gradient;
            const double value = acquisition.value_and_gradient(at, gradient);
            EXPECT_NEAR(value, acquisition.values(at)(0), 1e-8 * (1.0 + std::abs(value)));
            for (Index feature = 0; feature < 2; ++feature) {
                const VectorXd step = 1e-6 * VectorXd::Unit(2, feature);
                const double difference = (acquisition.values(at + step)(0) - acquisition.values(at - step)(0)) / 2e-6;
                EXPECT_NEAR(gradient(feature), difference, 1e-4 * (1.0 + std::abs(difference)));
            }
        }
    }
    const MatrixXd features_ = random_features(2, 12);
    GaussianProcess process_{Kernel{Smoothness::matern52, {0, 1}}, {VectorXd{{0.5, 0.9}}, 1.0, 0.01}, 0.1};
};

TEST_F(OverAProcess, CriteriaHaveGradientsThatAgreeWithDifferences) {
    for (const PointwiseCriterion& criterion :
         {PointwiseCriterion{ExpectedImprovement{-1.0}}, PointwiseCriterion{ProbabilityOfImprovement{-1.0}},
          PointwiseCriterion{LowerConfidenceBound{2.0}}}) {
        expect_consistent(ProcessAcquisition{process_, criterion});
    }
}

TEST_F(OverAProcess, NoisyImprovementHasGradientsThatAgreeWithDifferences) {
    RandomStream random{1, 0, RandomPurpose::model};
    const MatrixXd innovations = MatrixXd::NullaryExpr(3, 16, [&] { return random.normal(); });
    const VectorXd best = process_.append_imagined(features_.leftCols(3), innovations).colwise().minCoeff();
    expect_consistent(NoisyExpectedImprovement{process_, best});
}

TEST_F(OverAProcess, NoisyImprovementIsThePlainOneWhenAllStoriesAreOne) {
    const MatrixXd points = random_features(2, 20, 9);
    const NoisyExpectedImprovement noisy{process_, VectorXd::Constant(1, -0.5)};
    const ProcessAcquisition plain{process_, ExpectedImprovement{-0.5}};
    EXPECT_LT((noisy.values(points) - plain.values(points)).cwiseAbs().maxCoeff(), 1e-12);
}

TEST_F(OverAProcess, PredictionsServeWithoutGradients) {
    const PredictionAcquisition acquisition{[&](const auto& at) { return process_.predict(at); },
                                            LowerConfidenceBound{2.0}};
    EXPECT_FALSE(acquisition.smooth());
    const MatrixXd points = random_features(2, 5, 9);
    EXPECT_EQ(acquisition.values(points), (ProcessAcquisition{process_, LowerConfidenceBound{2.0}}.values(points)));
}

}  // namespace
}  // namespace hpogrid::optimizers
