#include "engine/optimizers/gaussian_process/power_transform.hpp"

#include "engine/space/normal_distribution.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace hpogrid::optimizers {
namespace {

/// Evenly spread quantiles of the standard normal distribution.
std::vector<double> normal_values(std::size_t count) {
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) {
        values.push_back(space::normal_quantile((static_cast<double>(i) + 0.5) / static_cast<double>(count)));
    }
    return values;
}

double skewness(const PowerTransform& transform, const std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values) {
        sum += std::pow(transform(value), 3.0);
    }
    return sum / static_cast<double>(values.size());
}

TEST(PowerTransform, LeavesNormalValuesAsTheyAre) {
    const std::vector<double> values = normal_values(201);
    const PowerTransform transform{values};
    EXPECT_NEAR(transform.exponent(), 1.0, 2e-3);
    for (const double value : {-2.0, 0.0, 1.5}) {
        EXPECT_NEAR(transform(value), value, 0.03);
    }
}

TEST(PowerTransform, FindsTheExponentThatWasTakenAway) {
    // The inverse of the transformation with exponent ½.
    std::vector<double> values = normal_values(301);
    for (double& value : values) {
        value = value >= 0.0 ? std::pow(1.0 + value / 2.0, 2.0) - 1.0 : 1.0 - std::pow(1.0 - 1.5 * value, 1.0 / 1.5);
    }
    EXPECT_NEAR(PowerTransform{values}.exponent(), 0.5, 0.02);
}

TEST(PowerTransform, TakesTheSkewnessOfValuesThatGrowExponentially) {
    std::vector<double> values;
    for (const double value : normal_values(101)) {
        values.push_back((std::exp(value) - std::exp(0.5)) / 2.16);
    }
    EXPECT_GT(skewness(PowerTransform{}, values), 2.0);
    EXPECT_LT(std::abs(skewness(PowerTransform{values}, values)), 0.4);
}

TEST(PowerTransform, AnswersMeanZeroAndDeviationOne) {
    const std::vector<double> values{-1.0, -0.9, -0.8, -0.7, -0.5, -0.3, 0.0, 0.5, 1.0, 1.5, 2.5};
    const PowerTransform transform{values};
    double sum = 0.0;
    double squares = 0.0;
    for (const double value : values) {
        sum += transform(value);
        squares += transform(value) * transform(value);
    }
    EXPECT_NEAR(sum / 11.0, 0.0, 1e-12);
    EXPECT_NEAR(squares / 11.0, 1.0, 1e-12);
}

TEST(PowerTransform, IsTheIdentityForFewValuesAndForEqualOnes) {
    for (const std::vector<double>& values : {std::vector<double>{}, {1.0, 2.0, 30.0}, std::vector<double>(20, 0.5)}) {
        const PowerTransform transform{values};
        EXPECT_EQ(transform.exponent(), 1.0);
        EXPECT_EQ(transform(-1.25), -1.25);
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
