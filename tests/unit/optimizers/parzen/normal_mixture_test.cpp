#include "engine/optimizers/parzen/normal_mixture.hpp"

#include "engine/core/random.hpp"
#include "engine/optimizers/parzen/truncated_normal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace hpogrid::optimizers {
namespace {

struct Kernel {
    double centre;
    double width;
    double weight;
};

double directly(const std::vector<Kernel>& kernels, double x) {
    double sum = 0;
    for (const Kernel& k : kernels) {
        sum += k.weight * std::exp(-0.5 * std::pow((x - k.centre) / k.width, 2)) /
               (k.width * std::sqrt(2 * std::numbers::pi));
    }
    return sum;
}

double directly(const std::vector<Kernel>& kernels, Interval cell) {
    double sum = 0;
    for (const Kernel& k : kernels) {
        sum += k.weight * normal_mass((cell.low - k.centre) / k.width, (cell.high - k.centre) / k.width);
    }
    return sum;
}

NormalMixture mixture(const std::vector<Kernel>& kernels, double narrowest, Interval range = {0, 1}) {
    NormalMixture made;
    made.clear(range, narrowest);
    for (const Kernel& k : kernels) {
        made.add(k.centre, k.width, k.weight);
    }
    return made;
}

/// A prior and many others, some as narrow as can be, some of them at one place.
std::vector<Kernel> many_kernels(double narrowest) {
    RandomStream random{11, 0, RandomPurpose::simulation};
    std::vector<Kernel> kernels{{0.5, 1.0, 1.0}};
    for (int i = 0; i < 300; ++i) {
        const double centre = i % 5 == 0 ? 0.25 : random.uniform();
        kernels.push_back({centre, i % 3 == 0 ? narrowest + 0.3 * random.uniform() : narrowest, random.uniform()});
    }
    std::ranges::sort(kernels, {}, &Kernel::centre);
    return kernels;
}

TEST(NormalMixtureTest, SumsItsKernels) {
    const auto kernels = many_kernels(0.01);
    const NormalMixture made = mixture(kernels, 0.01);
    for (double x = -0.2; x <= 1.2; x += 0.0137) {
        EXPECT_NEAR(made.kernel_sum(x) / directly(kernels, x), 1.0, 1e-11) << x;
        const Interval cell{x, x + 0.03};
        EXPECT_NEAR(made.cell_sum(cell) / directly(kernels, cell), 1.0, 1e-11) << x;
    }
}

TEST(NormalMixtureTest, SumsTheSameInBoxes) {
    const auto kernels = many_kernels(0.01);
    NormalMixture made;
    made.clear_for_many({0, 1}, 0.01, {0, 1});
    for (const Kernel& k : kernels) {
        if (k.width > 0.01) {
            made.add(k.centre, k.width, k.weight);
        } else {
            made.add_narrowest(k.centre, k.weight);
        }
    }
    for (double x = -0.2; x <= 1.2; x += 0.0137) {
        EXPECT_NEAR(made.kernel_sum(x) / directly(kernels, x), 1.0, 1e-10) << x;
        const Interval cell{x, x + 0.03};
        EXPECT_NEAR(made.cell_sum(cell) / directly(kernels, cell), 1.0, 1e-10) << x;
    }
}

TEST(NormalMixtureTest, IntegratesToOneOverItsRange) {
    const NormalMixture made = mixture(many_kernels(0.01), 0.01);
    constexpr int steps = 20'000;
    double integral = 0;
    double cells = 0;
    for (int i = 0; i < steps; ++i) {
        integral += made.kernel_sum((i + 0.5) / steps) / steps;
        cells += i % 100 == 0 ? made.cell_sum({i / double{steps}, (i + 100) / double{steps}}) : 0.0;
    }
    EXPECT_NEAR(integral / made.accepted(), 1.0, 1e-6);
    EXPECT_NEAR(cells / made.accepted(), 1.0, 1e-12);
}

TEST(NormalMixtureTest, IsDrawnFromWithItsDensity) {
    const NormalMixture made = mixture({{0.02, 0.05, 2}, {0.02, 0.05, 1}, {0.5, 1, 1}, {0.7, 0.1, 0.5}}, 0.05);
    RandomStream random{3, 0, RandomPurpose::simulation};
    constexpr int count = 20'000;
    std::vector<double> draws(count);
    std::ranges::generate(draws, [&] { return made.sample(random); });
    std::ranges::sort(draws);
    double distance = 0;
    for (int i = 0; i < count; ++i) {
        const double share = made.cell_sum({0, draws[static_cast<std::size_t>(i)]}) / made.accepted();
        distance = std::max({distance, share - i / double{count}, (i + 1) / double{count} - share});
    }
    // Kolmogorov-Smirnov: 1.95 / √n is exceeded once in a thousand.
    EXPECT_LT(distance, 1.95 / std::sqrt(count));
}

TEST(NormalMixtureTest, ReachesWithoutEndWhereItsRangeDoes) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const std::vector<Kernel> kernels{{0, 1, 1}, {30, 0.5, 2}};
    const NormalMixture made = mixture(kernels, 0.5, {-infinity, infinity});
    EXPECT_NEAR(made.accepted(), 3.0, 1e-12);
    EXPECT_NEAR(made.cell_sum({-infinity, 30}), 2.0, 1e-12);
    EXPECT_NEAR(made.kernel_sum(29), directly(kernels, 29), 1e-15);
    RandomStream random{3, 0, RandomPurpose::simulation};
    int right = 0;
    for (int i = 0; i < 3000; ++i) {
        right += made.sample(random) > 15 ? 1 : 0;
    }
    EXPECT_NEAR(right, 2000, 4 * std::sqrt(3000 * 2. / 9));
}

}  // namespace
}  // namespace hpogrid::optimizers
