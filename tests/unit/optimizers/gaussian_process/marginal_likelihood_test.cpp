#include "engine/optimizers/gaussian_process/marginal_likelihood.hpp"

#include "engine/optimizers/gaussian_process/cholesky.hpp"
#include "engine/optimizers/gaussian_process/regression.hpp"
#include "tests/unit/optimizers/gaussian_process/data_sets.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hpogrid::optimizers {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Features 1 and 2 share a length-scale.
const std::vector<std::size_t> groups{0, 1, 1};
const Hyperparameters usual{VectorXd{{0.4, 0.9}}, 1.7, 0.05};

constexpr Smoothness all[]{Smoothness::matern32, Smoothness::matern52, Smoothness::rbf};

TEST(MarginalLikelihood, AgreesWithThatOfTheProcess) {
    const MatrixXd features = random_features(3, 70);
    const VectorXd targets = wavy_targets(features);
    for (const Smoothness smoothness : all) {
        const Kernel kernel{smoothness, groups};
        GaussianProcess process{kernel, usual, 0.0};
        ASSERT_TRUE(process.observe(features, targets));
        const auto likelihood = LikelihoodEvaluator{kernel, PriorMean::zero, features, targets}(usual);
        ASSERT_TRUE(likelihood);
        EXPECT_NEAR(likelihood->value, process.log_marginal_likelihood(), 1e-9);
    }
}

TEST(MarginalLikelihood, ChoosesTheMostLikelyConstantMean) {
    const MatrixXd features = random_features(3, 30);
    const VectorXd targets = wavy_targets(features).array() + 10.0;
    const Kernel kernel{Smoothness::matern52, groups};
    const auto best = LikelihoodEvaluator{kernel, PriorMean::constant, features, targets}(usual);
    ASSERT_TRUE(best);
    const auto at_mean = [&](double mean) {
        const VectorXd shifted = targets.array() - mean;
        return LikelihoodEvaluator{kernel, PriorMean::zero, features, shifted}(usual)->value;
    };
    EXPECT_NEAR(best->value, at_mean(best->mean), 1e-9);
    EXPECT_GT(best->value, at_mean(best->mean + 0.01));
    EXPECT_GT(best->value, at_mean(best->mean - 0.01));
}

TEST(MarginalLikelihood, HasGradientsThatAgreeWithDifferences) {
    const MatrixXd features = random_features(3, 60);
    const VectorXd targets = wavy_targets(features);
    for (const PriorMean mean : {PriorMean::zero, PriorMean::constant}) {
        for (const Smoothness smoothness : all) {
            LikelihoodEvaluator likelihood{Kernel{smoothness, groups}, mean, features, targets};
            const auto exact = likelihood(usual);
            ASSERT_TRUE(exact);
            const auto difference = [&](auto change) {
                constexpr double step = 1e-5;
                Hyperparameters above = usual;
                Hyperparameters below = usual;
                change(above, std::exp(step));
                change(below, std::exp(-step));
                return (likelihood(above)->value - likelihood(below)->value) / (2 * step);
            };
            for (Index group = 0; group < 2; ++group) {
                EXPECT_NEAR(exact->log_scale_gradient(group),
                            difference([&](Hyperparameters& h, double by) { h.length_scales(group) *= by; }), 1e-5);
            }
            EXPECT_NEAR(exact->log_amplitude_slope,
                        difference([](Hyperparameters& h, double by) { h.amplitude *= by; }), 1e-5);
            EXPECT_NEAR(exact->log_noise_slope, difference([](Hyperparameters& h, double by) { h.noise *= by; }), 1e-5);
        }
    }
}

TEST(MarginalLikelihood, HasGradientsWithRespectToFeatures) {
    MatrixXd features = random_features(3, 20);
    const VectorXd targets = wavy_targets(features);
    LikelihoodEvaluator likelihood{Kernel{Smoothness::matern52, groups}, PriorMean::constant, features, targets};
    const auto exact = likelihood(usual, LikelihoodEvaluator::Gradients::of_features_too);
    ASSERT_TRUE(exact);
    for (const auto& [feature, point] : {std::pair<Index, Index>{0, 0}, {1, 7}, {2, 19}}) {
        constexpr double step = 1e-5;
        const double before = features(feature, point);
        features(feature, point) = before + step;
        const double above = likelihood(usual)->value;
        features(feature, point) = before - step;
        const double below = likelihood(usual)->value;
        features(feature, point) = before;
        EXPECT_NEAR(exact->feature_gradient(feature, point), (above - below) / (2 * step), 1e-5);
    }
}

TEST(MarginalLikelihood, IsNothingWhereItCannotBeComputed) {
    const MatrixXd features = MatrixXd::Constant(3, 4, std::nan(""));
    const VectorXd targets = VectorXd::Zero(4);
    EXPECT_FALSE((LikelihoodEvaluator{Kernel{Smoothness::rbf, groups}, PriorMean::zero, features, targets}(usual)));
}

TEST(Cholesky, TakesTheSmallestJitterThatHelps) {
    MatrixXd factor(3, 3);
    const MatrixXd regular = MatrixXd::Identity(3, 3);
    EXPECT_EQ(cholesky_with_jitter(regular, 0.0, 1.0, factor), 0.0);
    const MatrixXd singular = MatrixXd::Ones(3, 3);
    const double jitter = cholesky_with_jitter(singular, 0.0, 2.0, factor);
    EXPECT_EQ(jitter, 2.0 * jitter_ladder[1]);
    const MatrixXd lower = factor.triangularView<Eigen::Lower>();
    EXPECT_LT((lower * lower.transpose() - singular - jitter * regular).cwiseAbs().maxCoeff(), 1e-14);
    EXPECT_LT(cholesky_with_jitter(-regular, 0.0, 1.0, factor), 0.0);
}

TEST(Cholesky, InvertsTriangles) {
    for (const Index n : {1, 48, 49, 200}) {
        MatrixXd factor = MatrixXd::Random(n, n).triangularView<Eigen::Lower>();
        factor.diagonal().array() += static_cast<double>(n);
        MatrixXd inverse = factor;
        invert_lower_triangle(inverse);
        EXPECT_LT((factor * inverse - MatrixXd::Identity(n, n)).cwiseAbs().maxCoeff(), 1e-12) << n;
        EXPECT_TRUE(inverse.isLowerTriangular(0.0)) << n;
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
