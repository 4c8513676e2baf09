#include "engine/optimizers/evolution/linear_trust_region.hpp"

#include "tests/unit/optimizers/evolution/strategy_driver.hpp"
#include "tests/unit/optimizers/evolution/test_functions.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hpogrid::optimizers {
namespace {

double sum_of(std::span<const double> unit) {
    double sum = 0.0;
    for (const double u : unit) {
        sum += u;
    }
    return sum;
}

TEST(LinearTrustRegion, BeginsInTheMiddleAndLooksAlongEachAxis) {
    LinearTrustRegion strategy{3, 1};
    for (std::uint32_t index = 0; index < 4; ++index) {
        RandomStream random{1, index, RandomPurpose::model};
        const Candidate candidate = strategy.ask(index, 0, random);
        EXPECT_NEAR(sum_of(candidate.unit), index == 0 ? 1.5 : 1.5 + 1.0 / 6, 1e-12);
        strategy.tell(candidate, static_cast<double>(index));
    }
}

TEST(LinearTrustRegion, ComesNearTheLowestPointInFewEvaluations) {
    LinearTrustRegion five{5, 1};
    EXPECT_LT(best_of(five, offset_sphere, 100), 1e-4);
    LinearTrustRegion ten{10, 1};
    EXPECT_LT(best_of(ten, offset_sphere, 200), 1e-3);
}

TEST(LinearTrustRegion, ReachesACornerExactly) {
    LinearTrustRegion strategy{8, 1};
    EXPECT_EQ(best_of(strategy, sum_of, 100), 0.0);
}

TEST(LinearTrustRegion, ConvergesWhenSeveralRunAtOnceAndTheYoungestEndsFirst) {
    LinearTrustRegion strategy{4, 1};
    EXPECT_LT(best_of(strategy, offset_sphere, 600, 6), 1e-3);
}

TEST(LinearTrustRegion, BeginsAgainWhenItsRadiusHasGotSmall) {
    LinearTrustRegion strategy{2, 1};
    bool small = false;
    bool again = false;
    for (std::uint32_t index = 0; index < 400; ++index) {
        RandomStream random{1, index, RandomPurpose::model};
        const Candidate candidate = strategy.ask(index, 0, random);
        strategy.tell(candidate, offset_sphere(candidate.unit));
        small = small || strategy.radius() < 1e-4;
        again = again || (small && strategy.radius() > 1e-3);
    }
    EXPECT_TRUE(again);
}

TEST(LinearTrustRegion, SurvivesPlateausFailuresAndExtremeScores) {
    for (const double size : {0.0, 1e-300, 1e308}) {
        LinearTrustRegion strategy{4, 1};
        for (std::uint32_t index = 0; index < 400; ++index) {
            RandomStream random{1, index, RandomPurpose::model};
            const Candidate candidate = strategy.ask(index, 0, random);
            for (const double u : candidate.unit) {
                ASSERT_TRUE(u >= 0.0 && u <= 1.0) << u;
            }
            const double score =
                index % 3 == 0 ? std::numeric_limits<double>::infinity() : size * (candidate.unit[0] - 0.5);
            strategy.tell(candidate, score);
        }
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
