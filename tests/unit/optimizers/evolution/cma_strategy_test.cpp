#include "engine/optimizers/evolution/cma_strategy.hpp"

#include "tests/unit/optimizers/evolution/strategy_driver.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>

namespace hpogrid::optimizers {
namespace {

TEST(CmaStrategy, StaysInTheCubeAndFindsACorner) {
    constexpr std::size_t dimensions = 6;
    const space::Space space = real_space(dimensions);
    CmaStrategy strategy{
        cube_dimensions(space), std::vector<double>(dimensions, 0.5), {.restarts = Restarts::Strategy::ipop}};
    double best = std::numeric_limits<double>::infinity();
    for (std::uint32_t trial = 0; trial < 2000; ++trial) {
        RandomStream random{1, trial, RandomPurpose::model};
        const Candidate candidate = strategy.ask(trial, 0, random);
        double score = 0.0;
        for (const double u : candidate.unit) {
            ASSERT_GE(u, 0.0);
            ASSERT_LE(u, 1.0);
            score += u;
        }
        best = std::min(best, score);
        strategy.tell(candidate, score);
    }
    EXPECT_LT(best, 1e-6);
}

TEST(CmaStrategy, BeginsAgainWithALargerPopulationAndForgetsTheDrawsBefore) {
    const space::Space space = real_space(2);
    CmaStrategy strategy{cube_dimensions(space), std::vector<double>(2, 0.5), {.restarts = Restarts::Strategy::ipop}};
    const auto spread = [&] {
        double low = 1.0;
        double high = 0.0;
        for (std::uint32_t draw = 0; draw < 50; ++draw) {
            RandomStream random{2, draw, RandomPurpose::model};
            const double x = strategy.ask(draw, 0, random).unit[0];
            low = std::min(low, x);
            high = std::max(high, x);
        }
        return high - low;
    };
    double least = spread();
    bool restarted = false;
    for (std::uint32_t trial = 0; trial < 2000 && !restarted; ++trial) {
        RandomStream random{1, trial, RandomPurpose::model};
        const Candidate candidate = strategy.ask(trial, 0, random);
        strategy.tell(candidate, (candidate.unit[0] - 0.3) * (candidate.unit[0] - 0.3) + candidate.unit[1]);
        const double now = spread();
        restarted = now > 100 * least;
        least = std::min(least, now);
    }
    EXPECT_TRUE(restarted);
}

}  // namespace
}  // namespace hpogrid::optimizers
