#include "kernels/api/dropout.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "kernels/host/dropout_factors.hpp"

namespace hpogrid::kernels {
namespace {

std::vector<float> factors(float probability, const DropoutPlace& place, int units) {
    std::vector<float> result(static_cast<std::size_t>(units));
    host::dropout_factors(Dropout{probability}, place, units, result.data());
    return result;
}

TEST(Dropout, FollowsTheBitsOfEachUnit) {
    const Dropout dropout{0.3F};
    const DropoutPlace place{{123456789012345ULL, 17}, 4, 1000, 2};
    const auto drawn = factors(0.3F, place, 1008);
    for (std::uint32_t unit = 0; unit < 1008; ++unit) {
        const bool left_out = dropout_bits(place, unit) < dropout.threshold;
        ASSERT_EQ(drawn[unit], left_out ? 0.0F : dropout.factor) << unit;
    }
}

TEST(Dropout, LeavesOutTheGivenShareAndKeepsTheMean) {
    constexpr float probability = 0.2F;
    int left_out = 0;
    double sum = 0;
    constexpr int rows = 1000;
    for (std::uint32_t row = 0; row < rows; ++row) {
        for (const float factor : factors(probability, {{1, 1}, 0, row, 0}, 64)) {
            left_out += factor == 0.0F ? 1 : 0;
            sum += factor;
        }
    }
    // Standard deviation of the share: √(0.2·0.8/64000) = 0.0016.
    EXPECT_NEAR(left_out / (64.0 * rows), probability, 0.008);
    EXPECT_NEAR(sum / (64.0 * rows), 1.0, 0.01);
}

TEST(Dropout, DiffersInEveryPartOfItsPlace) {
    const auto first = factors(0.5F, {{1, 1}, 1, 1, 1}, 64);
    EXPECT_NE(first, factors(0.5F, {{2, 1}, 1, 1, 1}, 64));
    EXPECT_NE(first, factors(0.5F, {{1, 2}, 1, 1, 1}, 64));
    EXPECT_NE(first, factors(0.5F, {{1, 1}, 2, 1, 1}, 64));
    EXPECT_NE(first, factors(0.5F, {{1, 1}, 1, 2, 1}, 64));
    EXPECT_NE(first, factors(0.5F, {{1, 1}, 1, 1, 2}, 64));
}

TEST(Dropout, DoesNotDependOnThePaddedWidth) {
    const auto narrow = factors(0.5F, {{1, 1}, 1, 1, 1}, 16);
    const auto wide = factors(0.5F, {{1, 1}, 1, 1, 1}, 512);
    EXPECT_TRUE(std::equal(narrow.begin(), narrow.end(), wide.begin()));
}

}  // namespace
}  // namespace hpogrid::kernels
