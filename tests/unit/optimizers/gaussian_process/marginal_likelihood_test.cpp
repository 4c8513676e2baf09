#include "engine/optimizers/gaussian_process/marginal_likelihood.hpp"

#include "engine/optimizers/gaussian_process/regression.hpp"
#include "tests/unit/optimizers/gaussian_process/data_sets.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

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
    for (const VectorXd& doubts : {VectorXd{}, VectorXd{VectorXd::LinSpaced(70, 0.0, 3.0)}}) {
        for (const Smoothness smoothness : all) {
            const Kernel kernel{smoothness, groups};
            GaussianProcess process{kernel, usual, 0.0};
            ASSERT_TRUE(process.observe(features, targets, doubts));
            const auto likelihood = LikelihoodEvaluator{kernel, PriorMean::zero, features, targets, doubts}(usual);
            ASSERT_TRUE(likelihood);
            EXPECT_NEAR(likelihood->value, process.log_marginal_likelihood(), 1e-9);
        }
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
    MatrixXd features = random_features(3, 60);
    features.row(1) = features.row(1).array().round();
    const VectorXd targets = wavy_targets(features);
    const MainEffects none;
    const MainEffects of_one{0.3, 1, {1}};
    const VectorXd doubts = VectorXd::LinSpaced(60, 0.0, 2.0);
    for (const auto& [mean, main_effects, doubts_of_targets] : {std::tuple{PriorMean::zero, none, VectorXd{}},
                                                                {PriorMean::constant, none, VectorXd{}},
                                                                {PriorMean::constant, of_one, VectorXd{}},
                                                                {PriorMean::constant, of_one, doubts}}) {
        for (const Smoothness smoothness : all) {
            LikelihoodEvaluator likelihood{Kernel{smoothness, groups, main_effects}, mean, features, targets,
                                           doubts_of_targets};
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

}  // namespace
}  // namespace hpogrid::optimizers
