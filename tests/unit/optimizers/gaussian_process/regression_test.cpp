#include "engine/optimizers/gaussian_process/regression.hpp"

#include "engine/optimizers/gaussian_process/marginal_likelihood.hpp"

#include "tests/unit/optimizers/gaussian_process/data_sets.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>

namespace hpogrid::optimizers {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::RowVectorXd;
using Eigen::VectorXd;

const Kernel ard{Smoothness::matern52, {0, 1, 2}};
const Hyperparameters usual{VectorXd{{0.4, 0.8, 1.5}}, 1.7, 0.01};

GaussianProcess process_of(const MatrixXd& features, const MatrixXd& targets, double mean = 0.3,
                           const Hyperparameters& hyperparameters = usual) {
    GaussianProcess process{ard, hyperparameters, mean};
    EXPECT_TRUE(process.observe(features, targets));
    return process;
}

TEST(GaussianProcess, AgreesWithThePosteriorOfOneObservation) {
    // k = e^(−d²/2): mean k y / (1 + σ²), variance 1 − k² / (1 + σ²).
    GaussianProcess process{Kernel{Smoothness::rbf, {0}}, {VectorXd::Constant(1, 1.0), 1.0, 0.25}, 0.0};
    ASSERT_TRUE(process.observe(MatrixXd::Zero(1, 1), MatrixXd::Constant(1, 1, 2.0)));
    const numerics::Prediction prediction = process.predict(MatrixXd::Constant(1, 1, 1.0));
    EXPECT_NEAR(prediction.mean(0), std::exp(-0.5) * 2.0 / 1.25, 1e-14);
    EXPECT_NEAR(prediction.variance(0), 1.0 - std::exp(-1.0) / 1.25, 1e-14);
}

TEST(GaussianProcess, AgreesWithThePosteriorWrittenOut) {
    const MatrixXd features = random_features(3, 20);
    const VectorXd targets = wavy_targets(features);
    const GaussianProcess process = process_of(features, targets);
    const MatrixXd points = random_features(3, 600, 9);
    MatrixXd noisy = direct_covariance(ard, usual, features, features);
    noisy.diagonal().array() += usual.noise;
    const MatrixXd inverse = noisy.inverse();
    const MatrixXd cross = direct_covariance(ard, usual, points, features);
    const VectorXd mean = (cross * inverse * (targets.array() - 0.3).matrix()).array() + 0.3;
    const VectorXd variance = 1.7 - (cross * inverse).cwiseProduct(cross).rowwise().sum().array();
    const numerics::Prediction prediction = process.predict(points);
    EXPECT_LT((prediction.mean.transpose() - mean).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_LT((prediction.variance - variance).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_LT((process.predict_mean(points) - prediction.mean).cwiseAbs().maxCoeff(), 1e-12);
    const double likelihood = -0.5 * (targets.array() - 0.3).matrix().dot(inverse * (targets.array() - 0.3).matrix()) -
                              0.5 * std::log(noisy.determinant()) - 10.0 * std::log(2.0 * M_PI);
    EXPECT_NEAR(process.log_marginal_likelihood(), likelihood, 1e-9);
}

TEST(GaussianProcess, TrustsAnObservationTheLessTheMoreDoubtfulItIs) {
    const MatrixXd features = random_features(3, 20);
    const VectorXd targets = wavy_targets(features);
    const VectorXd doubts = VectorXd::LinSpaced(20, 0.0, 2.0);
    GaussianProcess process{ard, usual, 0.3};
    ASSERT_TRUE(process.observe(features, targets, doubts));
    const MatrixXd points = random_features(3, 50, 9);
    MatrixXd noisy = direct_covariance(ard, usual, features, features);
    noisy.diagonal() += doubts + VectorXd::Constant(20, usual.noise);
    const MatrixXd inverse = noisy.inverse();
    const MatrixXd cross = direct_covariance(ard, usual, points, features);
    const VectorXd mean = (cross * inverse * (targets.array() - 0.3).matrix()).array() + 0.3;
    const VectorXd variance = 1.7 - (cross * inverse).cwiseProduct(cross).rowwise().sum().array();
    const numerics::Prediction prediction = process.predict(points);
    EXPECT_LT((prediction.mean.transpose() - mean).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_LT((prediction.variance - variance).cwiseAbs().maxCoeff(), 1e-10);

    GaussianProcess one_by_one{ard, usual, 0.3};
    for (Index i = 0; i < 20; ++i) {
        one_by_one.append(features.col(i), targets.segment<1>(i), doubts(i));
    }
    EXPECT_LT((one_by_one.predict(points).mean - prediction.mean).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_LT((one_by_one.predict(points).variance - prediction.variance).cwiseAbs().maxCoeff(), 1e-10);
}

TEST(GaussianProcess, KnowsOnlyItsPriorWithoutData) {
    const GaussianProcess process{ard, usual, 0.3};
    const numerics::Prediction prediction = process.predict(random_features(3, 2));
    EXPECT_EQ(prediction.mean(0, 1), 0.3);
    EXPECT_EQ(prediction.variance(1), 1.7);
    EXPECT_TRUE(process.predict_with_gradient(VectorXd::Zero(3)).variance_gradient.isZero());
}

TEST(GaussianProcess, HasGradientsThatAgreeWithDifferences) {
    const MatrixXd features = random_features(3, 25);
    MatrixXd targets(25, 2);
    targets << wavy_targets(features), wavy_targets(features, 1.0, 8);
    for (const Smoothness smoothness : {Smoothness::matern32, Smoothness::matern52, Smoothness::rbf}) {
        GaussianProcess process{Kernel{smoothness, {0, 1, 2}}, usual, 0.0};
        ASSERT_TRUE(process.observe(features, targets));
        const VectorXd at = random_features(3, 1, 5);
        const PredictionGradient exact = process.predict_with_gradient(at);
        const numerics::Prediction here = process.predict(at);
        EXPECT_LT((exact.mean - here.mean.col(0)).cwiseAbs().maxCoeff(), 1e-12);
        EXPECT_NEAR(exact.variance, here.variance(0), 1e-12);
        for (Index feature = 0; feature < 3; ++feature) {
            const VectorXd step = 1e-5 * VectorXd::Unit(3, feature);
            const numerics::Prediction above = process.predict(at + step);
            const numerics::Prediction below = process.predict(at - step);
            EXPECT_NEAR(exact.variance_gradient(feature), (above.variance(0) - below.variance(0)) / 2e-5, 1e-6);
            for (Index output = 0; output < 2; ++output) {
                EXPECT_NEAR(exact.mean_gradient(feature, output),
                            (above.mean(output, 0) - below.mean(output, 0)) / 2e-5, 1e-5);
            }
        }
    }
}

TEST(GaussianProcess, KnowsMainEffectsInEachOfItsPredictions) {
    MatrixXd features = random_features(3, 25);
    features.row(2) = features.row(2).array().round();
    const VectorXd targets = wavy_targets(features);
    const Kernel kernel{Smoothness::matern52, {0, 1, 2}, {0.4, 1, {2}}};
    GaussianProcess process{kernel, usual, 0.0};
    ASSERT_TRUE(process.observe(features.leftCols(20), targets.head(20)));
    for (Index i = 20; i < 25; ++i) {
        process.append(features.col(i), targets.row(i));
    }
    const auto likelihood = LikelihoodEvaluator{kernel, PriorMean::zero, features, targets}(usual);
    ASSERT_TRUE(likelihood);
    EXPECT_NEAR(process.log_marginal_likelihood(), likelihood->value, 1e-9);
    VectorXd at = random_features(3, 1, 5);
    at(2) = 1.0;
    const PredictionGradient exact = process.predict_with_gradient(at);
    EXPECT_NEAR(exact.mean(0), process.predict(at).mean(0, 0), 1e-12);
    EXPECT_NEAR(exact.variance, process.predict(at).variance(0), 1e-12);
    for (Index number = 0; number < 2; ++number) {
        const VectorXd step = 1e-5 * VectorXd::Unit(3, number);
        const double slope = (process.predict(at + step).mean(0, 0) - process.predict(at - step).mean(0, 0)) / 2e-5;
        EXPECT_NEAR(exact.mean_gradient(number, 0), slope, 1e-5);
    }
}

TEST(GaussianProcess, IsTheSameWhetherItLearnsAtOnceOrOneByOne) {
    const MatrixXd features = random_features(3, 60);
    const VectorXd targets = wavy_targets(features);
    const GaussianProcess whole = process_of(features, targets);
    GaussianProcess grown = process_of(features.leftCols(5), targets.head(5));
    for (Index i = 5; i < 60; ++i) {
        grown.append(features.col(i), targets.row(i));
    }
    const MatrixXd points = random_features(3, 50, 9);
    const numerics::Prediction a = whole.predict(points);
    const numerics::Prediction b = grown.predict(points);
    EXPECT_EQ(grown.size(), 60);
    EXPECT_LT((a.mean - b.mean).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_LT((a.variance - b.variance).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_NEAR(whole.log_marginal_likelihood(), grown.log_marginal_likelihood(), 1e-9);
}

TEST(GaussianProcess, ForgetsTheLastObservations) {
    const MatrixXd features = random_features(3, 30);
    const VectorXd targets = wavy_targets(features);
    const GaussianProcess before = process_of(features.leftCols(20), targets.head(20));
    GaussianProcess after = process_of(features, targets);
    after.truncate(20);
    const MatrixXd points = random_features(3, 50, 9);
    EXPECT_LT((before.predict(points).mean - after.predict(points).mean).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_LT((before.predict(points).variance - after.predict(points).variance).cwiseAbs().maxCoeff(), 1e-10);
}

TEST(GaussianProcess, TakesOtherTargetsForTheSamePoints) {
    const MatrixXd features = random_features(3, 30);
    GaussianProcess process = process_of(features, wavy_targets(features));
    const VectorXd targets = wavy_targets(features, 0.5, 77);
    process.set_targets(targets, -1.0);
    const MatrixXd points = random_features(3, 10, 9);
    EXPECT_LT(
        (process.predict(points).mean - process_of(features, targets, -1.0).predict(points).mean).cwiseAbs().maxCoeff(),
        1e-10);
}

TEST(GaussianProcess, KeepsItsMeanAndLosesItsDoubtWhereTheExpectedIsImagined) {
    const MatrixXd features = random_features(3, 20);
    GaussianProcess process = process_of(features, wavy_targets(features));
    const MatrixXd points = random_features(3, 50, 9);
    const VectorXd pending = points.col(7);
    const numerics::Prediction before = process.predict(points);
    const MatrixXd imagined = process.append_imagined(pending, MatrixXd::Zero(1, 1));
    const numerics::Prediction after = process.predict(points);
    EXPECT_NEAR(imagined(0), before.mean(7), 1e-12);
    EXPECT_LT((before.mean - after.mean).cwiseAbs().maxCoeff(), 1e-12);
    EXPECT_LT(after.variance(7), 1e-8);
    EXPECT_TRUE((after.variance.array() <= before.variance.array() + 1e-12).all());
    process.truncate(20);
    EXPECT_LT((before.variance - process.predict(points).variance).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(GaussianProcess, ImaginesJointSamplesOfThePosterior) {
    const MatrixXd features = random_features(3, 10);
    const Hyperparameters smooth{VectorXd::Constant(3, 1.0), 1.0, 0.1};
    GaussianProcess process = process_of(features, wavy_targets(features), 0.0, smooth);
    const MatrixXd pair = random_features(3, 2, 9);
    const numerics::Prediction marginal = process.predict(pair);
    constexpr Index samples = 20000;
    RandomStream random{4, 0, RandomPurpose::simulation};
    const MatrixXd innovations = MatrixXd::NullaryExpr(2, samples, [&] { return random.normal(); });
    const MatrixXd imagined = process.append_imagined(pair, innovations);
    const RowVectorXd first = imagined.row(0);
    const RowVectorXd second = imagined.row(1);
    EXPECT_EQ(process.outputs(), samples);
    EXPECT_NEAR(first.mean(), marginal.mean(0), 0.02);
    EXPECT_NEAR(second.mean(), marginal.mean(1), 0.02);
    EXPECT_NEAR((first.array() - first.mean()).square().mean(), marginal.variance(0), 0.05 * marginal.variance(0));
    EXPECT_NEAR((second.array() - second.mean()).square().mean(), marginal.variance(1), 0.05 * marginal.variance(1));
    // Each story passes through the values that it imagined.
    EXPECT_LT((process.predict(pair.col(0)).mean.transpose() - first).cwiseAbs().maxCoeff(), 1e-5);
    EXPECT_LT((process.predict(pair.col(1)).mean.transpose() - second).cwiseAbs().maxCoeff(), 1e-5);
}

TEST(GaussianProcess, PredictsWhatItLeavesOut) {
    const MatrixXd features = random_features(3, 15);
    const VectorXd targets = wavy_targets(features);
    const LeaveOneOut fast = process_of(features, targets).leave_one_out();
    for (const Index left_out : {0, 7, 14}) {
        MatrixXd rest(3, 14);
        VectorXd rest_targets(14);
        for (Index i = 0, to = 0; i < 15; ++i) {
            if (i != left_out) {
                rest.col(to) = features.col(i);
                rest_targets(to++) = targets(i);
            }
        }
        const numerics::Prediction slow = process_of(rest, rest_targets).predict(features.col(left_out));
        EXPECT_NEAR(fast.mean(left_out), slow.mean(0), 1e-9);
        EXPECT_NEAR(fast.variance(left_out), slow.variance(0) + usual.noise, 1e-9);
    }
}

TEST(GaussianProcess, SmoothsItsTargets) {
    const MatrixXd features = random_features(3, 15);
    const GaussianProcess process = process_of(features, wavy_targets(features, 0.5));
    EXPECT_LT((process.smoothed_targets().transpose() - process.predict_mean(features)).cwiseAbs().maxCoeff(), 1e-10);
}

TEST(GaussianProcess, SurvivesDuplicatesWithoutNoise) {
    MatrixXd features = random_features(3, 12);
    features.rightCols(4) = features.leftCols(4);
    const VectorXd targets = wavy_targets(features);
    const Hyperparameters exact{VectorXd::Constant(3, 2.0), 1.0, 0.0};
    GaussianProcess process{Kernel{Smoothness::rbf, {0, 1, 2}}, exact, 0.0};
    ASSERT_TRUE(process.observe(features, targets));
    for (int repeat = 0; repeat < 3; ++repeat) {
        process.append(features.col(0), RowVectorXd::Constant(1, 1.0));
        process.append_imagined(features.col(1), MatrixXd::Zero(1, 1));
    }
    const numerics::Prediction prediction = process.predict(features);
    EXPECT_TRUE(prediction.mean.allFinite());
    EXPECT_GT(prediction.variance.minCoeff(), 0.0);
    const PredictionGradient gradient = process.predict_with_gradient(features.col(0));
    EXPECT_TRUE(gradient.mean_gradient.allFinite());
    EXPECT_TRUE(gradient.variance_gradient.allFinite());
}

TEST(GaussianProcess, IsEmptyAfterDataThatNoJitterHelps) {
    GaussianProcess process{ard, usual, 0.0};
    EXPECT_FALSE(process.observe(MatrixXd::Constant(3, 2, std::nan("")), VectorXd::Zero(2)));
    EXPECT_EQ(process.size(), 0);
    EXPECT_TRUE(process.predict(random_features(3, 2)).mean.isZero());
}

}  // namespace
}  // namespace hpogrid::optimizers
