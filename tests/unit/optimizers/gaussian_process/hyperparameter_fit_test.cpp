#include "engine/optimizers/gaussian_process/hyperparameter_fit.hpp"

#include "tests/unit/optimizers/gaussian_process/data_sets.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hpogrid::optimizers {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

ProcessModel model_of(Smoothness smoothness, std::vector<std::size_t> groups) {
    return {.kernel = {smoothness, std::move(groups)},
            .mean = PriorMean::zero,
            .length_scale = {0.5, 1e-2, 1e2},
            .amplitude = {1.0, 1e-2, 1e2},
            .noise = {1e-2, 1e-6, 1.0}};
}

FitResult fit(const ProcessModel& model, const MatrixXd& features, const VectorXd& targets) {
    const Hyperparameters start = model.initial();
    return fit_hyperparameters(model, features, targets, {&start, 1}, {.evaluations = 100, .iterations = 60});
}

TEST(HyperparameterFit, RecoversLengthScalesOfGeneratedData) {
    const Kernel kernel{Smoothness::matern52, {0, 1}};
    const Hyperparameters truth{VectorXd{{0.15, 0.6}}, 1.0, 0.001};
    const MatrixXd features = random_features(2, 200);
    const FitResult result =
        fit(model_of(Smoothness::matern52, {0, 1}), features, drawn_targets(kernel, truth, features, 3));
    EXPECT_NEAR(std::log(result.hyperparameters.length_scales(0)), std::log(0.15), 0.3);
    EXPECT_NEAR(std::log(result.hyperparameters.length_scales(1)), std::log(0.6), 0.3);
    EXPECT_NEAR(std::log(result.hyperparameters.noise), std::log(0.001), 0.5);
}

TEST(HyperparameterFit, FindsThatAFeatureDoesNotMatter) {
    const MatrixXd features = random_features(3, 80);
    const VectorXd targets = (6.0 * features.row(1)).array().sin();
    const FitResult result = fit(model_of(Smoothness::rbf, {0, 1, 2}), features, targets);
    EXPECT_GT(result.hyperparameters.length_scales(0), 10 * result.hyperparameters.length_scales(1));
    EXPECT_GT(result.hyperparameters.length_scales(2), 10 * result.hyperparameters.length_scales(1));
}

TEST(HyperparameterFit, EndsWhereThePosteriorIsFlat) {
    ProcessModel model = model_of(Smoothness::matern52, {0, 1, 2});
    model.length_scale.prior = LogNormalPrior{0.5, 1.0};
    model.noise.prior = GammaPrior{1.1, 20.0};
    const MatrixXd features = random_features(3, 50);
    const VectorXd targets = wavy_targets(features, 0.3);
    const FitResult result = fit(model, features, targets);
    LikelihoodEvaluator likelihood{model.kernel, model.mean, features, targets};
    const auto posterior = [&](const Hyperparameters& h) {
        double value = likelihood(h)->value + log_density(model.noise.prior, h.noise).value;
        for (const double scale : h.length_scales) {
            value += log_density(model.length_scale.prior, scale).value;
        }
        return value;
    };
    EXPECT_NEAR(result.log_posterior, posterior(result.hyperparameters), 1e-9);
    for (const double by : {0.9, 1.1}) {
        Hyperparameters aside = result.hyperparameters;
        aside.noise *= by;
        EXPECT_LT(posterior(aside), result.log_posterior);
        aside = result.hyperparameters;
        aside.amplitude *= by;
        EXPECT_LT(posterior(aside), result.log_posterior);
        aside = result.hyperparameters;
        aside.length_scales(0) *= by;
        EXPECT_LT(posterior(aside), result.log_posterior);
    }
}

TEST(HyperparameterFit, LeavesFixedOnesAlone) {
    ProcessModel model = model_of(Smoothness::matern52, {0, 0, 0});
    model.amplitude = {1.0, 1.0, 1.0};
    model.noise = {1e-6, 1e-6, 1e-6};
    const MatrixXd features = random_features(3, 20);
    const FitResult result = fit(model, features, wavy_targets(features));
    EXPECT_EQ(result.hyperparameters.amplitude, 1.0);
    EXPECT_EQ(result.hyperparameters.noise, 1e-6);
    EXPECT_NE(result.hyperparameters.length_scales(0), 0.5);
    model.length_scale = {0.7, 0.7, 0.7};
    EXPECT_EQ(fit(model, features, wavy_targets(features)).hyperparameters.length_scales(0), 0.7);
}

TEST(HyperparameterFit, StaysInsideItsBoundsAndFiniteOnDegenerateData) {
    const MatrixXd usual = random_features(2, 12);
    const MatrixXd constant_column =
        (MatrixXd(2, 12) << usual.row(0), VectorXd::Constant(12, 0.5).transpose()).finished();
    const MatrixXd all_one_point = MatrixXd::Constant(2, 12, 0.5);
    const VectorXd wavy = wavy_targets(usual);
    for (const MatrixXd& features : {usual, constant_column, all_one_point}) {
        for (const VectorXd& targets :
             {wavy, VectorXd(VectorXd::Zero(12)), VectorXd(1e150 * wavy), VectorXd(1e-300 * wavy)}) {
            for (const Smoothness smoothness : {Smoothness::matern52, Smoothness::rbf}) {
                ProcessModel model = model_of(smoothness, {0, 1});
                model.mean = PriorMean::constant;
                const FitResult result = fit(model, features, targets);
                EXPECT_TRUE(result.hyperparameters.length_scales.allFinite());
                EXPECT_GE(result.hyperparameters.length_scales.minCoeff(), 1e-2);
                EXPECT_LE(result.hyperparameters.length_scales.maxCoeff(), 1e2);
                EXPECT_GE(result.hyperparameters.noise, 1e-6);
                EXPECT_LE(result.hyperparameters.noise, 1.0);
                EXPECT_TRUE(std::isfinite(result.mean));
            }
        }
    }
}

TEST(HyperparameterFit, AnswersItsStartWhenNothingCanBeComputed) {
    const FitResult result =
        fit(model_of(Smoothness::rbf, {0}), MatrixXd::Constant(1, 3, std::nan("")), VectorXd::Zero(3));
    EXPECT_DOUBLE_EQ(result.hyperparameters.length_scales(0), 0.5);
    EXPECT_EQ(result.log_posterior, -std::numeric_limits<double>::infinity());
}

TEST(Prior, HasSlopesThatAgreeWithDifferences) {
    for (const Prior& prior : {Prior{FlatPrior{}}, Prior{LogNormalPrior{-1.0, 0.7}}, Prior{GammaPrior{2.0, 3.0}}}) {
        for (const double x : {1e-3, 0.4, 5.0}) {
            constexpr double step = 1e-6;
            const double difference =
                (log_density(prior, x * std::exp(step)).value - log_density(prior, x * std::exp(-step)).value) /
                (2 * step);
            EXPECT_NEAR(log_density(prior, x).slope, difference, 1e-6 * (1 + std::abs(difference)));
        }
    }
}

TEST(Prior, HasItsModeWhereTheDensityHas) {
    EXPECT_NEAR(log_density(LogNormalPrior{0.3, 0.5}, std::exp(0.3 - 0.25)).slope, 0.0, 1e-12);
    EXPECT_NEAR(log_density(GammaPrior{3.0, 6.0}, 2.0 / 6.0).slope, 0.0, 1e-12);
}

}  // namespace
}  // namespace hpogrid::optimizers
