#include "engine/optimizers/parzen/ranked_combinations.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace hpogrid::optimizers {
namespace {

TEST(RankedCombinationsTest, GivesEveryCombinationOnceFromTheBestDown) {
    const std::vector<std::vector<double>> scores{{3, 1, 0.5}, {2, -1}, {0}, {5, 4.9, 4.5, -10}};
    RankedCombinations combinations{scores};
    RankedCombinations::Picks picks;
    std::set<RankedCombinations::Picks> seen;
    double before = 1e9;
    while (combinations.next(picks)) {
        double sum = 0;
        for (std::size_t list = 0; list < scores.size(); ++list) {
            sum += scores[list][picks[list]];
        }
        EXPECT_LE(sum, before + 1e-12);
        before = sum;
        EXPECT_TRUE(seen.insert(picks).second);
    }
    EXPECT_EQ(seen.size(), 3U * 2U * 1U * 4U);
}

TEST(RankedCombinationsTest, PicksNothingFromNothing) {
    RankedCombinations combinations{{}};
    RankedCombinations::Picks picks;
    EXPECT_TRUE(combinations.next(picks));
    EXPECT_TRUE(picks.empty());
    EXPECT_FALSE(combinations.next(picks));
}

}  // namespace
}  // namespace hpogrid::optimizers
