#include "kernels/host/vector_math.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace hpogrid::kernels::host {
namespace {

TEST(VectorMath, ExponentialIsRightToTheLastBits) {
    for (double x = -86.9; x < 87; x += 0.00737) {
        const auto argument = static_cast<float>(x);
        const double expected = std::exp(double{argument});
        ASSERT_NEAR(fast_exp(argument) / expected, 1.0, 2e-7) << x;
    }
    EXPECT_EQ(fast_exp(0.0F), 1.0F);
}

TEST(VectorMath, ExponentialStaysFiniteBeyondItsRange) {
    EXPECT_GT(fast_exp(-1e30F), 0.0F);
    EXPECT_LT(fast_exp(-1e30F), 1e-37F);
    EXPECT_TRUE(std::isfinite(fast_exp(std::numeric_limits<float>::infinity())));
}

TEST(VectorMath, HyperbolicTangentIsRightAlsoNearZero) {
    for (double x = -12; x < 12; x += 0.00123) {
        const auto argument = static_cast<float>(x);
        const double expected = std::tanh(double{argument});
        ASSERT_NEAR(fast_tanh(argument), expected, 2e-7 * std::max(std::fabs(expected), 1e-3)) << x;
    }
}

TEST(VectorMath, NormalDistributionFunctionIsRight) {
    for (double x = -9; x < 9; x += 0.00123) {
        const auto argument = static_cast<float>(x);
        ASSERT_NEAR(fast_normal_cdf(argument), 0.5 * std::erfc(-double{argument} / std::sqrt(2.0)), 3e-7) << x;
    }
}

TEST(VectorMath, SigmoidIsRight) {
    for (double x = -80; x < 80; x += 0.0123) {
        const auto argument = static_cast<float>(x);
        const double expected = 1 / (1 + std::exp(-double{argument}));
        ASSERT_NEAR(fast_sigmoid(argument) / expected, 1.0, 4e-7) << x;
    }
}

TEST(VectorMath, LogarithmIsRightFromZeroToOne) {
    for (double x = 0; x <= 1; x += 0.000037) {
        const auto argument = static_cast<float>(x);
        ASSERT_NEAR(fast_log1p(argument), std::log1p(double{argument}), 1.5e-7) << x;
    }
    EXPECT_EQ(fast_log1p(0.0F), 0.0F);
}

TEST(VectorMath, NotANumberStaysNotANumber) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    EXPECT_TRUE(std::isnan(fast_exp(nan)));
    EXPECT_TRUE(std::isnan(fast_tanh(nan)));
    EXPECT_TRUE(std::isnan(fast_normal_cdf(nan)));
    EXPECT_TRUE(std::isnan(fast_sigmoid(nan)));
    EXPECT_TRUE(std::isnan(fast_log1p(nan)));
}

}  // namespace
}  // namespace hpogrid::kernels::host
