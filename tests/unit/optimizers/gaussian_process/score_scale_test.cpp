#include "engine/optimizers/gaussian_process/score_scale.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace hpogrid::optimizers {
namespace {

std::vector<double> scaled(const std::vector<double>& scores, ScoreScale::Shape shape = {}) {
    const ScoreScale scale{scores, shape};
    std::vector<double> result;
    for (const double score : scores) {
        result.push_back(scale(score));
    }
    return result;
}

TEST(ScoreScale, StandardisesOrdinaryScores) {
    const std::vector<double> result = scaled({1.0, 2.0, 3.0});
    EXPECT_NEAR(result[0], -std::sqrt(1.5), 1e-14);
    EXPECT_NEAR(result[1], 0.0, 1e-14);
    EXPECT_NEAR(result[2], std::sqrt(1.5), 1e-14);
}

TEST(ScoreScale, IsZeroForEqualScoresAndForNone) {
    EXPECT_EQ(scaled({5.0, 5.0, 5.0}), (std::vector<double>{0.0, 0.0, 0.0}));
    EXPECT_EQ(scaled({-1e308}), (std::vector<double>{0.0}));
    EXPECT_EQ(ScoreScale{{}}(3.0), 0.0);
    EXPECT_GT(ScoreScale{{}}.failed(), 0.0);
}

TEST(ScoreScale, IsFiniteAndMonotoneAtAnyMagnitude) {
    using Outliers = ScoreScale::Outliers;
    for (const ScoreScale::Shape shape : {ScoreScale::Shape{Outliers::keep},
                                          {Outliers::compress},
                                          {Outliers::rank},
                                          {Outliers::keep, true},
                                          {Outliers::compress, true},
                                          {Outliers::rank, true}}) {
        for (const std::vector<double>& scores : {std::vector<double>{-1.7e308, -1.0, 0.0, 1.0, 2.0, 3.0, 1.7e308},
                                                  {1e-300, 2e-300, 3e-300, 4e-300, 9e-300},
                                                  {5e-324, 1e-323, 0.0},
                                                  {-1e308, -1e308, 1e308},
                                                  {1e-9, 1, 2, 4, 8, 16, 32, 64, 128, 256, 1e300},
                                                  {-1e300, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1e300},
                                                  {0.0, 1.0, 2.0, 2.0, 2.0, 2.0, 3.0, 3.0},
                                                  {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1e300}}) {
            const std::vector<double> result = scaled(scores, shape);
            for (std::size_t i = 0; i < result.size(); ++i) {
                EXPECT_TRUE(std::isfinite(result[i])) << scores[i];
                EXPECT_TRUE(i == 0 || scores[i] < scores[i - 1] || result[i] >= result[i - 1]) << scores[i];
            }
        }
    }
}

TEST(ScoreScale, RanksTheWorseHalfOnTheScaleOfTheBetterOne) {
    const std::vector<double> modest = scaled({0, 1, 2, 3, 4, 5, 6, 7}, {ScoreScale::Outliers::rank});
    const std::vector<double> wild = scaled({0, 1, 2, 3, 40, 500, 6e10, 7e300}, {ScoreScale::Outliers::rank});
    for (std::size_t i = 0; i < modest.size(); ++i) {
        EXPECT_NEAR(wild[i], modest[i], 1e-6) << i;
    }
    // Median 3, spread √(14/4); the sixth of eight stands at the normal quantile of 11/16.
    const double unit = modest[1] - modest[0];
    EXPECT_NEAR((modest[3] - modest[0]) / unit, 3.0, 1e-12);
    EXPECT_NEAR((modest[5] - modest[3]) / unit, std::sqrt(3.5) * 0.48877641, 1e-7);
}

TEST(ScoreScale, LetsNoDivergedTrainingHideTheOthers) {
    const std::vector<double> scores{1, 2, 3, 4, 5, 6, 7, 8, 1e300};
    const std::vector<double> compressed = scaled(scores);
    const std::vector<double> kept = scaled(scores, {ScoreScale::Outliers::keep});
    EXPECT_GT(compressed[7] - compressed[0], 0.5);
    EXPECT_GT(compressed[8], compressed[7]);
    EXPECT_LT(kept[7] - kept[0], 1e-9);
}

TEST(ScoreScale, KeepsOrdinaryScoresAsTheyAre) {
    const std::vector<double> scores{-3, -1, 0, 0.5, 1, 2, 4};
    const std::vector<double> compressed = scaled(scores);
    const std::vector<double> kept = scaled(scores, {ScoreScale::Outliers::keep});
    for (std::size_t i = 0; i < scores.size(); ++i) {
        EXPECT_NEAR(compressed[i], kept[i], 1e-14);
    }
}

TEST(ScoreScale, CountsAFailureAsWorseThanTheWorst) {
    const std::vector<double> scores{1, 2, 3, 4, 5, 6, 7, 8, 1e300};
    const ScoreScale scale{scores};
    EXPECT_GT(scale.failed(), scale(1e300));
    EXPECT_LT(scale.failed(), scale(1e300) + 1.0);
}

}  // namespace
}  // namespace hpogrid::optimizers
