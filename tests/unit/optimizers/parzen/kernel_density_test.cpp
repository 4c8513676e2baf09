#include "engine/optimizers/parzen/kernel_density.hpp"

#include "engine/core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using Columns = std::vector<std::vector<double>>;

KernelDensity fitted(std::vector<std::size_t> categories, Columns columns, double narrowest = 1e-3) {
    KernelDensity density{std::move(categories), narrowest};
    density.fit(std::move(columns));
    return density;
}

TEST(KernelDensityTest, HasTheBandwidthsOfTheNormalReferenceRule) {
    // Standard deviations 0.2 and √(2/3), n = 6, d = 2.
    const auto density = fitted({0, 5}, {{0.2, 0.6, 0.2, 0.6, 0.2, 0.6}, {0, 1, 2, 0, 1, 2}});
    EXPECT_NEAR(density.bandwidths()[0], 1.06 * 0.2 * std::pow(6, -1. / 6), 1e-15);
    EXPECT_NEAR(density.bandwidths()[1], 1.06 * std::sqrt(2. / 3) * std::pow(6, -1. / 6), 1e-15);
}

TEST(KernelDensityTest, KeepsItsBandwidthsWithinLimits) {
    const auto equal = fitted({0, 3}, {{0.5, 0.5}, {1, 1}}, 0.01);
    EXPECT_EQ(equal.bandwidths()[0], 0.01);
    EXPECT_EQ(equal.bandwidths()[1], 0.01);
    const auto spread = fitted({9}, {{0, 8, 0, 8}});
    EXPECT_DOUBLE_EQ(spread.bandwidths()[0], 8. / 9) << "more would make the kernel negative";
}

TEST(KernelDensityTest, IsTheMeanOfItsKernels) {
    RandomStream random{4, 0, RandomPurpose::simulation};
    Columns columns(3);
    constexpr int size = 1300;  // more than two blocks, the last one not full
    for (int i = 0; i < size; ++i) {
        columns[0].push_back(random.uniform());
        columns[1].push_back(static_cast<double>(random.below(4)));
        columns[2].push_back(random.normal());
    }
    const auto density = fitted({0, 4, 0}, columns);
    const auto h = density.bandwidths();
    for (int i = 0; i < 20; ++i) {
        const std::vector<double> at{random.uniform(), static_cast<double>(random.below(4)), random.normal()};
        double sum = 0.0;
        for (std::size_t point = 0; point < size; ++point) {
            const auto normal = [&](std::size_t axis) {
                const double z = (at[axis] - columns[axis][point]) / h[axis];
                return std::exp(-0.5 * z * z) / (h[axis] * std::sqrt(2 * std::numbers::pi));
            };
            sum += normal(0) * normal(2) * (columns[1][point] == at[1] ? 1 - h[1] : h[1] / 3) / size;
        }
        EXPECT_NEAR(density.density(at) / sum, 1.0, 1e-12);
    }
}

TEST(KernelDensityTest, IntegratesToOne) {
    const auto density = fitted({0, 3}, {{0.1, 0.15, 0.7, 0.9}, {0, 2, 0, 0}});
    double integral = 0.0;
    constexpr int steps = 4000;
    for (int i = 0; i < steps; ++i) {
        for (const double category : {0., 1., 2.}) {
            integral += density.density(std::vector{-3 + 7 * (i + 0.5) / steps, category}) * 7 / steps;
        }
    }
    EXPECT_NEAR(integral, 1.0, 1e-9);
}

TEST(KernelDensityTest, IsFiniteFarAwayAndAtOnePoint) {
    const auto one = fitted({0, 1, 2}, {{0.5}, {0}, {1}});
    EXPECT_GT(one.density(std::vector{0.5, 0., 1.}), 0.0);
    EXPECT_EQ(one.density(std::vector{1e300, 0., 1.}), 0.0);
    EXPECT_TRUE(std::isfinite(fitted({0}, {{1e-300, -1e-300}}).density(std::vector{0.0})));
}

}  // namespace
}  // namespace hpogrid::optimizers
