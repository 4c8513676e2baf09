#include "tests/unit/optimizers/optimizing.hpp"

#include <gtest/gtest.h>

namespace hpogrid::optimizers {
namespace {

TEST(Ax, FindsTheValleyOfASmoothFunction) {
    EXPECT_LT(best_of_bowl("ax", {}, 40), 0.002);
}

TEST(Ax, BeginsInTheMiddle) {
    const auto& space = Bowl::space();
    const space::Point middle = space.decode(std::vector(space.dimensions(), 0.5));
    EXPECT_EQ(points_on_bowl("ax", {}, 1).front(), middle);
    EXPECT_NE(points_on_bowl("ax", {{"initialize_with_center", false}}, 1).front(), middle);
}

TEST(Ax, UnderstandsTheParametersOfItsOriginal) {
    const auto usual = points_on_bowl("ax", {}, 12);
    const auto longer = points_on_bowl("ax", {{"initialization_budget", 10}}, 12);
    const auto quasi_random = points_on_bowl("ax", {{"method", "random_search"}}, 12);
    EXPECT_EQ(points_on_bowl("ax", {{"num_initialization_trials", 10}}, 12), longer);
    EXPECT_EQ(points_on_bowl("ax", {{"initialization_budget", 10}, {"max_initialization_trials", 5}}, 12), usual);
    for (std::size_t i = 0; i < 12; ++i) {
        EXPECT_EQ(usual[i] == quasi_random[i], i < 5) << i;
        EXPECT_EQ(longer[i] == quasi_random[i], i < 10) << i;
    }
    EXPECT_EQ(refusal_of("ax", {{"method", "quality"}}),
              "algorithm_param key 'method' of 'ax' is \"quality\", allowed: fast, random_search");
}

TEST(Ax, SpreadsABatchOverTheSpace) {
    EXPECT_GT(least_distance_in_batch("ax", {}, 20, 8), 0.01);
}

}  // namespace
}  // namespace hpogrid::optimizers
