#include "kernels/api/permutation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

namespace hpogrid::kernels {
namespace {

std::vector<std::uint32_t> order(TrialKey key, std::uint32_t epoch, std::uint32_t count) {
    const Permutation permutation{key, epoch, count};
    std::vector<std::uint32_t> rows;
    for (std::uint32_t i = 0; i < count; ++i) {
        rows.push_back(permutation(i));
    }
    return rows;
}

// Known answers: kat_vectors of Random123, lines "philox4x32 10".
static_assert(philox4x32({0, 0, 0, 0}, {0, 0}) ==
              std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});

TEST(Permutation, HasEachRowOnceForAnyCount) {
    for (const std::uint32_t count : {1U, 2U, 3U, 15U, 16U, 17U, 100U, 1023U, 1024U, 1025U, 50'000U}) {
        std::vector<bool> seen(count);
        for (const std::uint32_t row : order({7, 3}, 5, count)) {
            ASSERT_LT(row, count);
            ASSERT_FALSE(seen[row]);
            seen[row] = true;
        }
    }
}

TEST(Permutation, DiffersBySeedTrialAndEpoch) {
    const auto first = order({1, 1}, 1, 1000);
    EXPECT_EQ(first, order({1, 1}, 1, 1000));
    EXPECT_NE(first, order({2, 1}, 1, 1000));
    EXPECT_NE(first, order({1ULL << 40U, 1}, 1, 1000));
    EXPECT_NE(first, order({1, 2}, 1, 1000));
    EXPECT_NE(first, order({1, 1}, 2, 1000));
}

TEST(Permutation, GivesAllOrdersOfFewRowsEquallyOften) {
    constexpr int draws = 24'000;
    std::map<std::vector<std::uint32_t>, int> counts;
    for (std::uint32_t epoch = 0; epoch < draws; ++epoch) {
        ++counts[order({11, 0}, epoch, 4)];
    }
    EXPECT_EQ(counts.size(), 24U);
    double chi_square = 0;
    for (const auto& [rows, count] : counts) {
        chi_square += std::pow(count - draws / 24.0, 2) / (draws / 24.0);
    }
    EXPECT_LT(chi_square, 49.73);  // 99.9 % quantile, 23 degrees of freedom
}

TEST(Permutation, SendsEachRowAnywhereEquallyOften) {
    // The places of one row, and of its neighbour relative to it, over many epochs.
    constexpr std::uint32_t count = 50;
    constexpr int draws = 50'000;
    std::array<int, count> places{};
    std::array<int, count> distances{};
    for (std::uint32_t epoch = 0; epoch < draws; ++epoch) {
        const Permutation permutation{{5, 9}, epoch, count};
        const std::uint32_t place = permutation(13);
        ++places.at(place);
        ++distances.at((permutation(14) + count - place) % count);
    }
    double places_chi_square = 0;
    double distances_chi_square = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        places_chi_square += std::pow(places.at(i) - draws / 50.0, 2) / (draws / 50.0);
        distances_chi_square += i == 0 ? 0 : std::pow(distances.at(i) - draws / 49.0, 2) / (draws / 49.0);
    }
    EXPECT_EQ(distances[0], 0);
    EXPECT_LT(places_chi_square, 85.35);     // 99.9 % quantile, 49 degrees of freedom
    EXPECT_LT(distances_chi_square, 84.04);  // 48 degrees of freedom
}

TEST(Permutation, StaysTheSameBetweenVersions) {
    // Trials are resumed by later versions.
    EXPECT_EQ(order({1, 2}, 3, 8), (std::vector<std::uint32_t>{5, 1, 4, 2, 3, 7, 0, 6}));
}

}  // namespace
}  // namespace hpogrid::kernels
