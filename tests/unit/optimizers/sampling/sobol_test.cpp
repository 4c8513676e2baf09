#include "engine/core/random.hpp"
#include "engine/optimizers/sampling/sobol_directions.hpp"
#include "engine/optimizers/sampling/sobol_sequence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using Scrambling = SobolSequence::Scrambling;

/// points[index][dimension]
std::vector<std::vector<double>> points(const SobolSequence& sequence, std::size_t dimensions, std::uint32_t first,
                                        std::uint32_t count) {
    std::vector<std::vector<double>> all(count, std::vector<double>(dimensions));
    for (std::uint32_t i = 0; i < count; ++i) {
        sequence.point(first + i, all[i]);
    }
    return all;
}

/// Whether each interval [k, k + 1) / count holds exactly one of the numbers.
bool stratified(const std::vector<std::vector<double>>& sample, std::size_t dimension) {
    std::set<std::size_t> strata;
    for (const auto& point : sample) {
        strata.insert(static_cast<std::size_t>(point[dimension] * static_cast<double>(sample.size())));
    }
    return strata.size() == sample.size() && *strata.rbegin() < sample.size();
}

// Reference: the sequence of Joe and Kuo's new-joe-kuo-6 as scipy 1.10 computes it (stats.qmc.Sobol without
// scrambling), put from its Gray code order into the natural one.
TEST(Sobol, GivesKnownPointsWithoutScrambling) {
    constexpr std::array<std::size_t, 7> dimensions{0, 1, 2, 3, 9, 63, 255};
    const std::map<std::uint32_t, std::array<int, 7>> expected{{0, {0, 0, 0, 0, 0, 0, 0}},
                                                               {1, {2048, 2048, 2048, 2048, 2048, 2048, 2048}},
                                                               {2, {1024, 3072, 3072, 3072, 1024, 1024, 1024}},
                                                               {3, {3072, 1024, 1024, 1024, 3072, 3072, 3072}},
                                                               {5, {2560, 512, 3584, 2560, 1536, 3584, 2560}},
                                                               {100, {608, 3168, 2848, 3936, 4064, 2336, 1120}},
                                                               {1000, {380, 660, 1844, 3724, 500, 4092, 1348}},
                                                               {4095, {4095, 273, 11, 3327, 3751, 3701, 3237}}};
    const SobolSequence sequence{256, 0, Scrambling::none};
    std::vector<double> point(256);
    for (const auto& [index, figures] : expected) {
        sequence.point(index, point);
        for (std::size_t i = 0; i < dimensions.size(); ++i) {
            EXPECT_EQ(point[dimensions[i]], figures[i] / 4096.0) << index << ", dimension " << dimensions[i];
        }
    }
}

TEST(Sobol, HasTheRightDirectionNumbersInEveryDimension) {
    // Sum over all 256 dimensions of point 2^bit, times 2^32; the same reference.
    const std::map<unsigned, std::uint64_t> expected{
        {0, 549755813888},  {1, 547608330240},  {2, 549755813888},  {3, 555661393920},  {4, 537944653824},
        {5, 541971185664},  {6, 546735915008},  {7, 551903297536},  {8, 567472553984},  {9, 571666857984},
        {10, 554075947008}, {11, 520303411200}, {14, 539345289216}, {17, 526319353856}, {19, 527559860224}};
    const SobolSequence sequence{256, 0, Scrambling::none};
    std::vector<double> point(256);
    for (const auto& [bit, sum] : expected) {
        sequence.point(1U << bit, point);
        std::uint64_t total = 0;
        for (const double x : point) {
            total += static_cast<std::uint64_t>(x * 0x1.0p32);
        }
        EXPECT_EQ(total, sum) << "bit " << bit;
    }
}

TEST(Sobol, IsStratifiedInEveryDimensionWithAndWithoutScrambling) {
    for (const Scrambling scrambling : {Scrambling::none, Scrambling::owen}) {
        const SobolSequence sequence{sobol_dimensions, 7, scrambling};
        for (const std::uint32_t count : {16U, 256U}) {
            for (const std::uint32_t first : {0U, count, 5 * count}) {
                const auto sample = points(sequence, sobol_dimensions, first, count);
                for (std::size_t dimension = 0; dimension < sobol_dimensions; ++dimension) {
                    ASSERT_TRUE(stratified(sample, dimension)) << count << " from " << first << ", " << dimension;
                }
            }
        }
    }
}

TEST(Sobol, FillsEveryElementaryRectangleOfTheFirstTwoDimensionsOnce) {
    constexpr unsigned bits = 8;
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const SobolSequence sequence{2, seed};
        const auto sample = points(sequence, 2, 0, 1U << bits);
        for (unsigned wide = 0; wide <= bits; ++wide) {
            std::set<std::pair<unsigned, unsigned>> rectangles;
            for (const auto& point : sample) {
                rectangles.emplace(static_cast<unsigned>(point[0] * (1U << wide)),
                                   static_cast<unsigned>(point[1] * (1U << (bits - wide))));
            }
            EXPECT_EQ(rectangles.size(), sample.size()) << "2^" << wide << " columns, seed " << seed;
        }
    }
}

TEST(Sobol, IsScrambledDifferentlyForEachSeedAndDimension) {
    // Point 0 is the origin before scrambling.
    std::set<double> origins;
    for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 40U}) {
        const auto sample = points(SobolSequence{50, seed}, 50, 0, 1);
        origins.insert(sample[0].begin(), sample[0].end());
    }
    EXPECT_EQ(origins.size(), 150U);
}

TEST(Sobol, MovesEachPointUniformlyOverTheSeeds) {
    // Owen scrambling makes each single point uniform: what makes averages over it unbiased.
    constexpr int seeds = 4000;
    std::array<int, 16> seen{};
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const auto sample = points(SobolSequence{3, seed}, 3, 5, 1);
        ++seen.at(static_cast<std::size_t>(sample[0][2] * 16));
    }
    double chi_square = 0;
    for (const int n : seen) {
        chi_square += (n - seeds / 16.0) * (n - seeds / 16.0) / (seeds / 16.0);
    }
    EXPECT_LT(chi_square, 37.70);  // 99.9 % quantile, 15 degrees of freedom
}

TEST(Sobol, IntegratesASmoothFunctionBetterThanRandomPoints) {
    constexpr std::size_t dimensions = 6;
    constexpr std::uint32_t count = 1024;
    const auto product = [](std::span<const double> u) {
        double value = 1;
        for (const double x : u) {
            value *= 1 + (x - 0.5);
        }
        return value;
    };
    double sobol_squares = 0;
    double random_squares = 0;
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        const SobolSequence sequence{dimensions, seed};
        RandomStream stream{seed, 0, RandomPurpose::simulation};
        double sobol = 0;
        double random = 0;
        std::vector<double> unit(dimensions);
        for (std::uint32_t i = 0; i < count; ++i) {
            sequence.point(i, unit);
            sobol += product(unit) / count;
            std::ranges::generate(unit, [&] { return stream.uniform(); });
            random += product(unit) / count;
        }
        sobol_squares += (sobol - 1) * (sobol - 1);
        random_squares += (random - 1) * (random - 1);
    }
    EXPECT_LT(std::sqrt(sobol_squares), std::sqrt(random_squares) / 10);
}

TEST(Sobol, IsRandomBeyondTheTabulatedDimensions) {
    constexpr std::size_t dimensions = sobol_dimensions + 40;
    const SobolSequence sequence{dimensions, 3};
    const auto sample = points(sequence, dimensions, 0, 200);
    EXPECT_EQ(sample, points(sequence, dimensions, 0, 200));
    std::set<double> different;
    double sum = 0;
    for (const auto& point : sample) {
        for (std::size_t dimension = sobol_dimensions; dimension < dimensions; ++dimension) {
            ASSERT_GE(point[dimension], 0.0);
            ASSERT_LT(point[dimension], 1.0);
            different.insert(point[dimension]);
            sum += point[dimension];
        }
    }
    EXPECT_EQ(different.size(), 40U * 200U);
    EXPECT_NEAR(sum / (40 * 200), 0.5, 5 / std::sqrt(12.0 * 40 * 200));
}

TEST(Sobol, KeepsItsFirstDimensionsWhenThereAreMore) {
    std::vector<double> few(3);
    std::vector<double> many(300);
    SobolSequence{3, 9}.point(77, few);
    SobolSequence{300, 9}.point(77, many);
    many.resize(3);
    EXPECT_EQ(few, many);
}

}  // namespace
}  // namespace hpogrid::optimizers
