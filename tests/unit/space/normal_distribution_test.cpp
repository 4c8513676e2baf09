#include "engine/space/normal_distribution.hpp"

#include "engine/core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hpogrid::space {
namespace {

// Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), gives the first three to 16 digits; the others follow
// from tables of the normal distribution.
TEST(NormalQuantile, GivesKnownValues) {
    EXPECT_NEAR(normal_quantile(0.25), -0.6744897501960817, 1e-15);
    EXPECT_NEAR(normal_quantile(0.001), -3.090232306167814, 1e-14);
    EXPECT_NEAR(normal_quantile(1e-20), -9.262340089798408, 1e-13);
    EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
    EXPECT_EQ(normal_quantile(0.5), 0.0);
}

TEST(NormalQuantile, IsTheInverseOfTheDistribution) {
    RandomStream stream{3, 0, RandomPurpose::simulation};
    for (int i = 0; i < 10'000; ++i) {
        const double p = std::pow(10.0, -15 * stream.uniform()) / 2;
        EXPECT_NEAR(normal_cdf(normal_quantile(p)) / p, 1.0, 1e-13) << p;
    }
}

TEST(NormalQuantile, IsSymmetric) {
    for (const double p : {0x1.0p-53, 0x1.0p-20, 0.015625, 0.03125, 0.375}) {
        EXPECT_EQ(normal_quantile(1.0 - p), -normal_quantile(p)) << p;
    }
}

TEST(NormalCdf, KeepsItsAccuracyInTheLowerTail) {
    EXPECT_NEAR(normal_cdf(-10) / 7.619853024160527e-24, 1.0, 1e-12);
    EXPECT_EQ(normal_cdf(0), 0.5);
}

}  // namespace
}  // namespace hpogrid::space
