#include "engine/core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <set>
#include <vector>

namespace hpogrid {
namespace {

using Block = std::array<std::uint32_t, 4>;
using Key = std::array<std::uint32_t, 2>;

static_assert(std::uniform_random_bit_generator<RandomStream>);

std::vector<std::uint64_t> first_numbers(RandomStream stream, std::size_t count) {
    std::vector<std::uint64_t> numbers(count);
    std::ranges::generate(numbers, [&] { return stream(); });
    return numbers;
}

// Known answers: kat_vectors of Random123, lines "philox4x32 10".
TEST(Philox, GivesTheKnownAnswerForZeros) {
    EXPECT_EQ(philox4x32(Block{}, Key{}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
}

TEST(Philox, GivesTheKnownAnswerForOnes) {
    constexpr std::uint32_t ones = 0xffffffff;
    EXPECT_EQ(philox4x32({ones, ones, ones, ones}, {ones, ones}),
              (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(Philox, GivesTheKnownAnswerForDigitsOfPi) {
    EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, ChangesHalfOfTheBitsWhenOneChanges) {
    const Block before = philox4x32({1, 2, 3, 4}, {5, 6});
    int changed = 0;
    for (unsigned bit = 0; bit < 128; ++bit) {
        Block counter{1, 2, 3, 4};
        counter[bit / 32] ^= 1U << (bit % 32);
        const Block after = philox4x32(counter, {5, 6});
        for (std::size_t word = 0; word < 4; ++word) {
            changed += std::popcount(before[word] ^ after[word]);
        }
    }
    // 128 · 128 bits, each changed with probability 1/2: standard deviation 64.
    EXPECT_NEAR(changed, 128 * 128 / 2, 5 * 64);
}

TEST(RandomStream, IsTheSameForTheSameKey) {
    EXPECT_EQ(first_numbers({7, 3, RandomPurpose::suggestion}, 100),
              first_numbers({7, 3, RandomPurpose::suggestion}, 100));
}

TEST(RandomStream, DiffersInEveryPartOfTheKey) {
    std::set<std::uint64_t> seen;
    constexpr std::uint64_t high_bit = std::uint64_t{1} << 63U;
    for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, high_bit}) {
        for (const std::uint32_t index : {0U, 1U, 0xffffffffU}) {
            for (const auto purpose : {RandomPurpose::suggestion, RandomPurpose::scrambling, RandomPurpose::model}) {
                for (const std::uint64_t number : first_numbers({seed, index, purpose}, 50)) {
                    EXPECT_TRUE(seen.insert(number).second);
                }
            }
        }
    }
}

TEST(RandomStream, CopiesContinueFromTheSamePlace) {
    RandomStream stream{1, 2, RandomPurpose::trial_seed};
    static_cast<void>(stream());
    RandomStream copy = stream;
    EXPECT_EQ(first_numbers(stream, 9), first_numbers(copy, 9));
}

TEST(RandomStream, KeepsItsNumbersBetweenVersions) {
    // Studies are resumed by later versions, so these must not change.
    EXPECT_EQ(first_numbers({0, 0, RandomPurpose::suggestion}, 2),
              (std::vector<std::uint64_t>{0xe169c58d6627e8d5, 0x9b00dbd8bc57ac4c}));
}

TEST(RandomStream, DrawsUniformNumbersInsideTheOpenInterval) {
    RandomStream stream{11, 0, RandomPurpose::simulation};
    constexpr int count = 200'000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; ++i) {
        const double u = stream.uniform();
        ASSERT_GT(u, 0.0);
        ASSERT_LT(u, 1.0);
        sum += u;
        squares += u * u;
    }
    const double mean = sum / count;
    EXPECT_NEAR(mean, 0.5, 5 * std::sqrt(1.0 / 12 / count));
    EXPECT_NEAR(squares / count - mean * mean, 1.0 / 12, 0.001);
}

TEST(RandomStream, DrawsStandardNormalNumbers) {
    RandomStream stream{12, 0, RandomPurpose::simulation};
    constexpr int count = 200'000;
    double sum = 0;
    double squares = 0;
    double fourth_powers = 0;
    for (int i = 0; i < count; ++i) {
        const double z = stream.normal();
        sum += z;
        squares += z * z;
        fourth_powers += z * z * z * z;
    }
    EXPECT_NEAR(sum / count, 0.0, 5 / std::sqrt(count));
    EXPECT_NEAR(squares / count, 1.0, 5 * std::sqrt(2.0 / count));
    EXPECT_NEAR(fourth_powers / count, 3.0, 5 * std::sqrt(96.0 / count));
}

TEST(RandomStream, DrawsBelowACountWithoutBias) {
    RandomStream stream{13, 0, RandomPurpose::simulation};
    constexpr int count = 70'000;
    std::array<int, 7> seen{};
    for (int i = 0; i < count; ++i) {
        ++seen.at(stream.below(7));
    }
    double chi_square = 0;
    for (const int n : seen) {
        chi_square += (n - count / 7.0) * (n - count / 7.0) / (count / 7.0);
    }
    EXPECT_LT(chi_square, 22.46);  // 99.9 % quantile, 6 degrees of freedom
}

TEST(RandomStream, DrawsBelowACountThatDividesTheRangeBadly) {
    // Taking the remainder alone would give the lower half five times in eight.
    RandomStream stream{14, 0, RandomPurpose::simulation};
    constexpr std::uint64_t below = std::uint64_t{3} << 62U;
    constexpr int count = 20'000;
    int low = 0;
    for (int i = 0; i < count; ++i) {
        const std::uint64_t drawn = stream.below(below);
        ASSERT_LT(drawn, below);
        low += drawn < below / 2 ? 1 : 0;
    }
    EXPECT_NEAR(low, count / 2, 5 * std::sqrt(count / 4.0));
}

TEST(RandomStream, DrawsBelowOneWithoutLoopingForever) {
    RandomStream stream{15, 0, RandomPurpose::simulation};
    EXPECT_EQ(stream.below(1), 0U);
    EXPECT_LT(stream.below(RandomStream::max()), RandomStream::max());
}

}  // namespace
}  // namespace hpogrid
