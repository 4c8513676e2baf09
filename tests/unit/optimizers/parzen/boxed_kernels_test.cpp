#include "engine/optimizers/parzen/boxed_kernels.hpp"

#include "engine/core/random.hpp"
#include "engine/optimizers/parzen/truncated_normal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace hpogrid::optimizers {
namespace {

constexpr double width = 0.01;

struct Kernel {
    double centre;
    double weight;
};

double directly(const std::vector<Kernel>& kernels, double x) {
    double sum = 0.0;
    for (const Kernel& k : kernels) {
        sum += k.weight * std::exp(-0.5 * std::pow((x - k.centre) / width, 2));
    }
    return sum;
}

double directly(const std::vector<Kernel>& kernels, Interval cell) {
    double sum = 0.0;
    for (const Kernel& k : kernels) {
        sum += k.weight * normal_mass((cell.low - k.centre) / width, (cell.high - k.centre) / width);
    }
    return sum;
}

/// In no order, some at the very ends.
std::vector<Kernel> kernels_within(Interval extent) {
    RandomStream random{5, 0, RandomPurpose::simulation};
    std::vector<Kernel> kernels{{extent.low, 1.0}, {extent.high, 0.5}};
    for (int i = 0; i < 3000; ++i) {
        kernels.push_back({extent.low + (extent.high - extent.low) * random.uniform(), random.uniform()});
    }
    return kernels;
}

BoxedKernels boxed(const std::vector<Kernel>& kernels, Interval extent) {
    BoxedKernels made;
    made.clear(extent, width);
    for (const Kernel& k : kernels) {
        made.add(k.centre, k.weight);
    }
    return made;
}

TEST(BoxedKernelsTest, SumAsIfEachKernelWereLookedAt) {
    const Interval extent{-0.3, 0.9};
    const auto kernels = kernels_within(extent);
    const BoxedKernels made = boxed(kernels, extent);
    for (double x = -0.29; x <= 0.89; x += 0.0037) {
        EXPECT_NEAR(made.kernel_sum(x) / directly(kernels, x), 1.0, 1e-11) << x;
        const Interval cell{x, x + 0.004};
        EXPECT_NEAR(made.cell_sum(cell) / directly(kernels, cell), 1.0, 1e-11) << x;
    }
}

TEST(BoxedKernelsTest, FallOffBeyondTheirExtentAsNormalsDo) {
    const std::vector<Kernel> kernels{{0.5, 2.0}};
    const BoxedKernels made = boxed(kernels, {0.5, 0.5});
    for (double distance = 0.0; distance < 7.5 * width; distance += 0.001) {
        EXPECT_NEAR(made.kernel_sum(0.5 + distance) / directly(kernels, 0.5 + distance), 1.0, 1e-6) << distance;
        EXPECT_NEAR(made.kernel_sum(0.5 - distance), directly(kernels, 0.5 - distance), 2e-12) << distance;
    }
    EXPECT_EQ(made.kernel_sum(0.5 + 9 * width), 0.0);
    EXPECT_EQ(made.kernel_sum(-1e300), 0.0);
}

TEST(BoxedKernelsTest, MayHaveCellsWithoutEnd) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const BoxedKernels made = boxed({{0.2, 1.0}, {0.7, 3.0}}, {0.2, 0.7});
    EXPECT_NEAR(made.cell_sum({-infinity, infinity}), 4.0, 1e-12);
    EXPECT_NEAR(made.cell_sum({-infinity, 0.7}), 2.5, 1e-11);
    EXPECT_NEAR(made.cell_sum({0.2, infinity}), 3.5, 1e-11);
}

TEST(BoxedKernelsTest, ForgetAKernelThatIsTakenOut) {
    BoxedKernels made = boxed({{0.3, 0.7}}, {0.0, 1.0});
    made.add(0.3, -0.7);
    EXPECT_EQ(made.kernel_sum(0.3), 0.0);
    EXPECT_EQ(made.cell_sum({0.2, 0.4}), 0.0);
}

}  // namespace
}  // namespace hpogrid::optimizers
