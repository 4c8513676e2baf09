#include "engine/optimizers/parzen/truncated_normal.hpp"

#include "engine/space/normal_distribution.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace hpogrid::optimizers {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(NormalMass, IsTheDifferenceOfTheDistributionFunction) {
    EXPECT_NEAR(normal_mass(-1, 1), 0.682689492137086, 1e-15);
    EXPECT_NEAR(normal_mass(-infinity, 0), 0.5, 1e-16);
    EXPECT_DOUBLE_EQ(normal_mass(-infinity, infinity), 1.0);
    EXPECT_EQ(normal_mass(1, 1), 0.0);
    EXPECT_EQ(normal_mass(2, 1), 0.0);
}

TEST(NormalMass, KeepsTheTailsApart) {
    // Φ(−10) and Φ(−11), from tables.
    const double expected = 7.61985302416052e-24 - 1.91065957449868e-28;
    EXPECT_NEAR(normal_mass(10, 11) / expected, 1.0, 1e-12);
    EXPECT_EQ(normal_mass(10, 11), normal_mass(-11, -10));
}

TEST(TruncatedNormalQuantile, InvertsTheDistributionFunction) {
    for (const double centre : {-0.5, 0.0, 0.3, 1.0, 1.4}) {
        for (const double sigma : {0.01, 0.2, 1.0, 30.0}) {
            const double all = normal_mass((0 - centre) / sigma, (1 - centre) / sigma);
            for (const double p : {0.001, 0.25, 0.5, 0.9, 0.999}) {
                const double x = truncated_normal_quantile(centre, sigma, {0.0, 1.0}, p);
                EXPECT_GE(x, 0.0);
                EXPECT_LE(x, 1.0);
                if (all > 1e-200) {
                    EXPECT_NEAR(normal_mass((0 - centre) / sigma, (x - centre) / sigma) / all, p, 1e-9)
                        << centre << " " << sigma;
                }
            }
        }
    }
}

TEST(TruncatedNormalQuantile, StaysInsideAndFiniteWhereThereIsNoMass) {
    EXPECT_EQ(truncated_normal_quantile(100, 0.01, {0.0, 1.0}, 0.5), 1.0);
    EXPECT_EQ(truncated_normal_quantile(-100, 0.01, {0.0, 1.0}, 0.5), 0.0);
    EXPECT_TRUE(std::isfinite(truncated_normal_quantile(0, 1, {-infinity, infinity}, 1.0 - 0x1.0p-53)));
    EXPECT_TRUE(std::isfinite(truncated_normal_quantile(0, 1, {-infinity, infinity}, 0x1.0p-53)));
}

}  // namespace
}  // namespace hpogrid::optimizers
