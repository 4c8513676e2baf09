#include "engine/optimizers/parzen/linear_forgetting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace hpogrid::optimizers {
namespace {

std::vector<double> weights(std::size_t count, std::size_t memory) {
    const LinearForgetting forgetting{count, memory};
    std::vector<double> all;
    for (std::size_t rank = 0; rank < count; ++rank) {
        all.push_back(forgetting.weight(rank));
    }
    return all;
}

TEST(LinearForgetting, RemembersTheNewestWhollyAndTheOldestLeast) {
    const auto near = [](double x) { return testing::DoubleNear(x, 1e-15); };
    // Five older than the memory of 3: from 1/8 to 1 in steps of 7/32.
    EXPECT_THAT(weights(8, 3), testing::ElementsAre(near(4. / 32), near(11. / 32), near(18. / 32), near(25. / 32),
                                                    near(1), near(1), near(1), near(1)));
}

TEST(LinearForgetting, LetsALoneOlderOneFade) {
    EXPECT_EQ(weights(4, 3), (std::vector<double>{0.25, 1, 1, 1}));
}

TEST(LinearForgetting, ForgetsNothingWithinItsMemory) {
    EXPECT_EQ(weights(3, 3), (std::vector<double>{1, 1, 1}));
    EXPECT_EQ(weights(2, 3), (std::vector<double>{1, 1}));
    EXPECT_TRUE(weights(0, 3).empty());
    EXPECT_EQ(weights(25, LinearForgetting::standard_memory), std::vector<double>(25, 1.0));
}

}  // namespace
}  // namespace hpogrid::optimizers
