#include "engine/optimizers/evolution/one_plus_one.hpp"

#include "tests/unit/optimizers/evolution/strategy_driver.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hpogrid::optimizers {
namespace {

TEST(OnePlusOne, ConvergesOnTheSphereAsFastAsTheoryAllows) {
    // The rate of progress of the ideal (1+1)-ES on the sphere is 0.202/d per evaluation in the logarithm of the
    // distance (Rechenberg 1973; Beyer, "The Theory of Evolution Strategies", 2001, section 3.4); the 1/5 rule gets
    // near it.
    constexpr std::size_t dimensions = 10;
    const space::Space space = real_space(dimensions);
    std::vector<double> rates;
    for (std::uint64_t seed = 1; seed <= 11; ++seed) {
        OnePlusOne strategy{cube_dimensions(space)};
        const double before = best_of(strategy, offset_sphere, 300, 1, seed);
        const double after = best_of(strategy, offset_sphere, 1000, 1, seed + 100);
        rates.push_back(std::log(before / after) / 2 / 1000 * dimensions);
    }
    std::ranges::sort(rates);
    EXPECT_GT(rates[5], 0.10);
    EXPECT_LT(rates[5], 0.25);
}

TEST(OnePlusOne, ConvergesWhenManyRunAtOnce) {
    const space::Space space = real_space(5);
    OnePlusOne strategy{cube_dimensions(space)};
    EXPECT_LT(best_of(strategy, offset_sphere, 2000, 8), 1e-6);
}

TEST(OnePlusOne, GrowsWithSuccessAndShrinksWithout) {
    const space::Space space = real_space(2);
    OnePlusOne strategy{cube_dimensions(space)};
    const double first = strategy.step();
    RandomStream random{1, 0, RandomPurpose::model};
    strategy.tell(strategy.ask(0, 0, random), 1.0);
    EXPECT_NEAR(strategy.step(), 2 * first, 1e-12);
    strategy.tell(strategy.ask(1, 0, random), 2.0);
    strategy.tell(strategy.ask(2, 0, random), std::numeric_limits<double>::infinity());
    EXPECT_NEAR(strategy.step(), 2 * 0.84 * 0.84 * first, 1e-12);
}

TEST(OnePlusOne, GoesOnFromAPointThatItDidNotPropose) {
    const space::Space space = real_space(2);
    OnePlusOne strategy{cube_dimensions(space)};
    RandomStream random{1, 0, RandomPurpose::model};
    strategy.tell(strategy.adopt(std::vector<double>{0.9, 0.1}, {true, true}, random), -1.0);
    for (int i = 0; i < 200; ++i) {
        strategy.tell(strategy.ask(0, 0, random), 1.0);
    }
    const Candidate candidate = strategy.ask(0, 0, random);
    EXPECT_NEAR(candidate.unit[0], 0.9, 1e-6);
    EXPECT_NEAR(candidate.unit[1], 0.1, 1e-6);
}

TEST(OnePlusOne, StaysInTheCubeWithNoiseOfAnySize) {
    const space::Space space = real_space(3);
    OnePlusOne strategy{cube_dimensions(space), OnePlusOne::Noise::cauchy};
    for (std::uint32_t index = 0; index < 1000; ++index) {
        RandomStream random{1, index, RandomPurpose::model};
        const Candidate candidate = strategy.ask(index, 0, random);
        for (const double u : candidate.unit) {
            ASSERT_TRUE(u >= 0.0 && u <= 1.0) << u;
        }
        strategy.tell(candidate, -static_cast<double>(index));
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
