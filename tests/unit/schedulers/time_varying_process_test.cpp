#include "engine/schedulers/time_varying_process.hpp"

#include "engine/core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hpogrid::schedulers {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Hyperparameters = TimeVaryingProcess::Hyperparameters;

/// sin(6 x + drift · t) at random places, observed at times 0, 1, 2, …, ten at a time.
TimeVaryingProcess::Data wave(Index count, double drift) {
    RandomStream random{1, 0, RandomPurpose::simulation};
    TimeVaryingProcess::Data data{MatrixXd(1, count), VectorXd(count), VectorXd(count), VectorXd(count)};
    for (Index i = 0; i < count; ++i) {
        data.features(0, i) = random.uniform();
        data.times(i) = std::floor(static_cast<double>(i) / 10.0);
        data.states(i) = random.uniform();
        data.targets(i) = std::sin(6.0 * data.features(0, i) + drift * data.times(i));
    }
    return data;
}

TEST(TimeVaryingProcess, HasTheGradientOfItsLikelihood) {
    const auto data = wave(30, 0.3);
    const Hyperparameters usual{1.3, 0.4, 0.7, 0.2, 0.05};
    const auto exact = TimeVaryingProcess::likelihood(data, usual);
    for (int which = 0; which < 5; ++which) {
        const auto value = [&](double step) {
            Hyperparameters moved = usual;
            double* const all[]{&moved.amplitude, &moved.length_scale, &moved.state_scale, &moved.forgetting,
                                &moved.noise};
            *all[which] *= std::exp(step);
            return TimeVaryingProcess::likelihood(data, moved).value;
        };
        constexpr double step = 1e-5;
        EXPECT_NEAR(exact.gradient(which), (value(step) - value(-step)) / (2 * step), 1e-4) << which;
    }
}

TEST(TimeVaryingProcess, FitsMoreLikelyHyperparametersThanTheUsualOnes) {
    const auto data = wave(60, 0.3);
    const auto fitted = TimeVaryingProcess::fit(data, {});
    EXPECT_GT(TimeVaryingProcess::likelihood(data, fitted).value,
              TimeVaryingProcess::likelihood(data, Hyperparameters{}).value + 10.0);
}

TEST(TimeVaryingProcess, LearnsHowFastThePastIsForgotten) {
    EXPECT_LT(TimeVaryingProcess::fit(wave(60, 0.0), {}).forgetting, 0.01);
    EXPECT_GT(TimeVaryingProcess::fit(wave(60, 1.0), {}).forgetting, 0.1);
}

TEST(TimeVaryingProcess, PassesThroughWhatItObservedAndDoubtsWhatIsLongAgo) {
    const auto data = wave(40, 0.0);
    const TimeVaryingProcess process{data, {1.0, 0.3, 5.0, 0.2, 1e-4}};
    const auto now = process.predict({data.features.col(39), data.states(39), data.times(39)});
    EXPECT_NEAR(now.mean, data.targets(39), 0.05);
    EXPECT_LT(now.variance, 0.01);
    const auto later = process.predict({data.features.col(39), data.states(39), data.times(39) + 50.0});
    EXPECT_GT(later.variance, 0.95);
    EXPECT_LT(std::abs(later.mean), 0.1);
}

TEST(TimeVaryingProcess, HasTheGradientsOfItsBelief) {
    TimeVaryingProcess process{wave(20, 0.1), {1.3, 0.4, 0.7, 0.2, 0.05}};
    process.imagine({VectorXd::Constant(1, 0.8), 0.3, 2.0});
    const auto at = [&](double x) { return process.predict({VectorXd::Constant(1, x), 0.4, 2.5}); };
    constexpr double step = 1e-5;
    const auto here = at(0.6);
    EXPECT_NEAR(here.mean_gradient(0), (at(0.6 + step).mean - at(0.6 - step).mean) / (2 * step), 1e-6);
    EXPECT_NEAR(here.variance_gradient(0), (at(0.6 + step).variance - at(0.6 - step).variance) / (2 * step), 1e-6);
}

TEST(TimeVaryingProcess, LosesTheDoubtWhereSomethingIsImaginedAndNotItsMind) {
    TimeVaryingProcess process{wave(5, 0.0), {1.0, 0.05, 5.0, 0.1, 0.01}};
    const TimeVaryingProcess::Place place{VectorXd::Constant(1, 0.99), 0.5, 1.0};
    const auto before = process.predict(place);
    process.imagine(place);
    const auto after = process.predict(place);
    EXPECT_EQ(after.mean, before.mean);
    EXPECT_LT(after.variance, 0.1 * before.variance);
}

TEST(TimeVaryingProcess, IsContentWithOneObservationAndWithTheSameOneTwice) {
    for (const Index count : {1, 2}) {
        const TimeVaryingProcess::Data data{MatrixXd::Constant(1, count, 0.5), VectorXd::Zero(count),
                                            VectorXd::Zero(count), VectorXd::Zero(count)};
        const TimeVaryingProcess process{data, TimeVaryingProcess::fit(data, {})};
        EXPECT_TRUE(std::isfinite(process.predict({VectorXd::Constant(1, 0.2), 0.0, 1.0}).mean));
    }
}

}  // namespace
}  // namespace hpogrid::schedulers
