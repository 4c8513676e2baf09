#include "engine/optimizers/evolution/differential_evolution.hpp"

#include "tests/unit/optimizers/evolution/strategy_driver.hpp"

#include <gtest/gtest.h>

namespace hpogrid::optimizers {
namespace {

using Crossover = DifferentialEvolution::Crossover;

TEST(DifferentialEvolution, ConvergesOnTheSphere) {
    const space::Space space = real_space(5);
    for (const Crossover crossover : {Crossover::coordinates, Crossover::two_points}) {
        for (const std::uint32_t width : {1, 10}) {
            DifferentialEvolution strategy{cube_dimensions(space), {.crossover = crossover}};
            EXPECT_LT(best_of(strategy, offset_sphere, 6000, width), 1e-6);
        }
    }
}

TEST(DifferentialEvolution, FindsNumbersAndCategoriesTogether) {
    const space::Space space{{{"c", space::Categorical{{"a", "b", "c", "d"}}, {}}, {"x", space::Uniform{0, 1}, {}}}};
    DifferentialEvolution strategy{cube_dimensions(space), {}};
    const auto score = [](std::span<const double> unit) {
        return (category_at(unit[0], 4) == 2 ? 0.0 : 1.0) + std::abs(unit[1] - 0.7);
    };
    EXPECT_LT(best_of(strategy, score, 1500), 1e-4);
}

TEST(DifferentialEvolution, ToleratesFailuresAndTrialsThatNeverEnd) {
    const space::Space space = real_space(3);
    DifferentialEvolution strategy{cube_dimensions(space), {}};
    double best = 1.0;
    for (std::uint32_t index = 0; index < 4000; ++index) {
        RandomStream random{1, index, RandomPurpose::model};
        const Candidate candidate = strategy.ask(index, 0, random);
        if (index % 7 != 0) {
            const bool failed = candidate.unit[0] > 0.5;
            const double score = failed ? std::numeric_limits<double>::infinity() : offset_sphere(candidate.unit);
            strategy.tell(candidate, score);
            best = std::min(best, score);
        }
    }
    EXPECT_LT(best, 1e-6);
}

TEST(DifferentialEvolution, LetsAPointFromElsewhereTakeTheWorstPlace) {
    const space::Space space = real_space(2);
    DifferentialEvolution strategy{cube_dimensions(space), {.population = 4, .f1 = 0.0, .f2 = 1.0}};
    RandomStream random{1, 0, RandomPurpose::model};
    for (std::uint32_t index = 0; index < 4; ++index) {
        strategy.tell(strategy.ask(index, 0, random), 1.0 + index);
    }
    strategy.tell(strategy.adopt(std::vector<double>{0.125, 0.875}, {true, true}, random), -1.0);
    const Candidate child = strategy.ask(0, 0, random);
    EXPECT_TRUE(std::abs(child.unit[0] - 0.125) < 1e-12 || std::abs(child.unit[1] - 0.875) < 1e-12)
        << "the donor is the best now";
}

}  // namespace
}  // namespace hpogrid::optimizers
