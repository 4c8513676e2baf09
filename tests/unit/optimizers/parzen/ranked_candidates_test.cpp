#include "engine/optimizers/parzen/ranked_candidates.hpp"

#include "engine/core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace hpogrid::optimizers {
namespace {

/// Of points that crowd the lower half, in many blocks, the last one not full.
KernelDensity crowd(RandomStream& random, std::size_t points = 5000) {
    std::vector<std::vector<double>> columns(2);
    for (std::size_t i = 0; i < points; ++i) {
        columns[0].push_back(random.uniform() * random.uniform());
        columns[1].push_back(random.uniform());
    }
    KernelDensity density{{0, 0}, 1e-3};
    density.fit(std::move(columns));
    return density;
}

std::vector<double> scores_of(RankedCandidates& ranked) {
    std::vector<double> scores;
    while (const auto candidate = ranked.next()) {
        scores.push_back(candidate->score);
    }
    return scores;
}

TEST(RankedCandidatesTest, ComeInTheOrderOfTheirFullScores) {
    RandomStream random{3, 0, RandomPurpose::simulation};
    const KernelDensity others = crowd(random);
    RankedCandidates ranked{others};
    std::vector<double> expected;
    for (int i = 0; i < 64; ++i) {
        const std::vector<double> at{random.uniform(), random.uniform()};
        const double good = random.uniform();
        ranked.add({at[0], at[1]}, at, good);
        expected.push_back(good / others.density(at));
    }
    std::ranges::sort(expected, std::ranges::greater{});

    const auto scores = scores_of(ranked);

    ASSERT_EQ(scores.size(), expected.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
        EXPECT_NEAR(scores[i] / expected[i], 1.0, 1e-12) << i;
    }
}

TEST(RankedCandidatesTest, OfOneScoreComeInTheOrderInWhichTheyWereAdded) {
    RandomStream random{3, 0, RandomPurpose::simulation};
    const KernelDensity others = crowd(random);
    RankedCandidates ranked{others};
    for (std::int64_t i = 0; i < 5; ++i) {
        ranked.add({i}, {0.3, 0.3}, 1.0);
    }
    for (std::int64_t i = 0; i < 5; ++i) {
        EXPECT_EQ(ranked.next()->values.front(), space::Value{i});
    }
    EXPECT_FALSE(ranked.next());
}

TEST(RankedCandidatesTest, WhereNeitherKindIsTheScoreIsOne) {
    RandomStream random{3, 0, RandomPurpose::simulation};
    const KernelDensity others = crowd(random);
    RankedCandidates ranked{others};
    ranked.add({0.0}, {1e3, 0.0}, 0.0);
    ranked.add({1.0}, {1e3, 0.0}, 1e-30);

    const auto scores = scores_of(ranked);

    EXPECT_DOUBLE_EQ(scores[0], 100.0);
    EXPECT_DOUBLE_EQ(scores[1], 1.0);
}

}  // namespace
}  // namespace hpogrid::optimizers
