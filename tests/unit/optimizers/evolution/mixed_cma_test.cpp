#include "engine/optimizers/evolution/mixed_cma.hpp"

#include "tests/unit/optimizers/evolution/strategy_driver.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hpogrid::optimizers {
namespace {

constexpr double failure = std::numeric_limits<double>::infinity();

/// Best of `trials`, of which `width` run at once and the youngest always ends first.
double best_in_reverse_order(MixedCma& cma, std::size_t trials, std::size_t width) {
    RandomStream random{1, 0, RandomPurpose::model};
    double best = failure;
    for (std::size_t asked = 0; asked < trials; asked += width) {
        std::vector<Candidate> running;
        for (std::size_t i = 0; i < width; ++i) {
            running.push_back(cma.sample(random));
        }
        std::ranges::reverse(running);
        for (const Candidate& candidate : running) {
            const double score = offset_sphere(candidate.unit);
            best = std::min(best, score);
            cma.tell(candidate, score);
        }
    }
    return best;
}

TEST(MixedCma, ConvergesInWhateverOrderTrialsEnd) {
    const space::Space space = real_space(5);
    for (const std::size_t width : {1, 3, 8, 20}) {
        MixedCma cma{cube_dimensions(space), std::vector<double>(5, 0.5), {}};
        EXPECT_LT(best_in_reverse_order(cma, 1200, width), 1e-8) << width << " at once";
    }
}

TEST(MixedCma, ClosesAGenerationWhenSoManyScoresCameInWhosesoeverTheyAre) {
    const space::Space space = real_space(3);
    MixedCma cma{cube_dimensions(space), std::vector<double>(3, 0.5), {.population = 4}};
    RandomStream random{2, 0, RandomPurpose::model};
    const Candidate slow = cma.sample(random);
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(cma.generation(), 0U);
        cma.tell(cma.sample(random), i == 0 ? failure : i);
    }
    EXPECT_EQ(cma.generation(), 1U);
    cma.tell(slow, -1.0);
    const std::vector<double> own(3, 0.9);
    cma.tell(cma.adopt(own, {true, true, true}, random), -2.0);
    cma.tell(cma.sample(random), 1.0);
    cma.tell(cma.sample(random), 1.0);
    EXPECT_EQ(cma.generation(), 2U);
}

TEST(MixedCma, IgnoresDrawsOfAnEarlierRun) {
    const space::Space space = real_space(2);
    MixedCma before{cube_dimensions(space), std::vector<double>(2, 0.5), {.population = 2}};
    RandomStream random{2, 0, RandomPurpose::model};
    const Candidate old = before.sample(random);
    MixedCma after{cube_dimensions(space), std::vector<double>(2, 0.5), {.population = 2, .first_generation = 1}};
    after.tell(old, 0.0);
    after.tell(old, 0.0);
    EXPECT_EQ(after.generation(), 1U);
}

TEST(MixedCma, KeepsTheMarginOfOrderedDimensions) {
    const space::Space space{{{"few", space::UniformInt{0, 1}, {}},
                              {"steps", space::QUniform{0, 1, 0.25}, {}},
                              {"many", space::UniformInt{1, 20}, {}},
                              {"unbounded", space::QNormal{0, 3, 1}, {}},
                              {"real", space::Uniform{0, 1}, {}}}};
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        MixedCma cma{cube_dimensions(space), std::vector<double>(5, 0.5), {}};
        RandomStream random{seed, 0, RandomPurpose::model};
        const double alpha = cma.margin();
        EXPECT_NEAR(alpha, 1.0 / (5 * 8), 1e-12);
        for (int trial = 0; trial < 800; ++trial) {
            const Candidate candidate = cma.sample(random);
            // Draws the integers together, to where the seed says, faster than the real dimension.
            cma.tell(candidate,
                     offset_sphere(candidate.unit) + (seed % 2 == 0 ? candidate.unit[1] : -candidate.unit[2]));
            for (std::size_t dimension = 0; dimension < 4; ++dimension) {
                const auto [low, high] = cma.tails(dimension);
                ASSERT_GE(low + high, alpha * (1 - 1e-6)) << "dimension " << dimension << ", trial " << trial;
                if (low > 0 && high > 0) {
                    ASSERT_GE(std::min(low, high), alpha / 2 * (1 - 1e-6)) << "dimension " << dimension;
                }
            }
        }
    }
}

TEST(MixedCma, GoesOnWithIntegersWhereItWouldBeStuckWithoutMargin) {
    // The best of the binaries is worth little, so that the step size shrinks before they are right.
    std::vector<space::Parameter> parameters;
    for (int i = 0; i < 10; ++i) {
        parameters.push_back({"b" + std::to_string(i), space::UniformInt{0, 1}, {}});
    }
    for (int i = 0; i < 5; ++i) {
        parameters.push_back({"x" + std::to_string(i), space::Uniform{0, 1}, {}});
    }
    const space::Space space{std::move(parameters)};
    const auto solved = [&](bool margin) {
        int runs = 0;
        for (std::uint32_t seed = 0; seed < 20; ++seed) {
            MixedCma cma{cube_dimensions(space), std::vector<double>(15, 0.5), {.margin = margin}};
            RandomStream random{seed, 0, RandomPurpose::model};
            double best = failure;
            for (int trial = 0; trial < 1000; ++trial) {
                const Candidate candidate = cma.sample(random);
                const std::span unit{candidate.unit};
                double score = 100 * offset_sphere(unit.last(5));
                for (const double u : unit.first(10)) {
                    score += u >= 0.5 ? 0.0 : 1.0;
                }
                best = std::min(best, score);
                cma.tell(candidate, score);
            }
            runs += best < 1.0 ? 1 : 0;
        }
        return runs;
    };
    const int with_margin = solved(true);
    EXPECT_GE(with_margin, 18);
    EXPECT_LT(solved(false), with_margin);
}

TEST(MixedCma, FindsCategoriesAndNumbersTogether) {
    const space::Space space{{{"c", space::Categorical{{"a", "b", "c", "d"}}, {}},
                              {"x", space::Uniform{0, 1}, {}},
                              {"n", space::UniformInt{0, 9}, {}}}};
    MixedCma cma{cube_dimensions(space), std::vector<double>(3, 0.5), {}};
    RandomStream random{5, 0, RandomPurpose::model};
    for (int trial = 0; trial < 600; ++trial) {
        const Candidate candidate = cma.sample(random);
        const double category = category_at(candidate.unit[0], 4) == 2 ? 0.0 : 0.3;
        const double number = std::abs(std::floor(candidate.unit[2] * 10) - 7) / 10;
        cma.tell(candidate, category + std::abs(candidate.unit[1] - 0.2) + number);
    }
    int right = 0;
    for (int draw = 0; draw < 100; ++draw) {
        const Candidate candidate = cma.sample(random);
        EXPECT_NEAR(candidate.unit[1], 0.2, 0.05);
        right += category_at(candidate.unit[0], 4) == 2 ? 1 : 0;
    }
    EXPECT_GT(right, 60);
}

TEST(MixedCma, AdoptsWhatAPointLeavesOpenFromItsOwnDistribution) {
    const space::Space space{
        {{"n", space::UniformInt{0, 3}, {}}, {"x", space::Uniform{0, 1}, {}}, {"c", space::Categorical{{1, 2}}, {}}}};
    const MixedCma cma{cube_dimensions(space), std::vector<double>(3, 0.5), {}};
    for (std::uint32_t index = 0; index < 200; ++index) {
        RandomStream random{7, index, RandomPurpose::suggestion};
        const Candidate adopted = cma.adopt(std::vector<double>{0.875, 0.5, 0.5}, {true, false, false}, random);
        EXPECT_GE(adopted.latent[0], 0.75);
        EXPECT_LE(adopted.latent[0], 1.0);
        EXPECT_NE(adopted.latent[1], 0.5) << "an inactive place says nothing";
        EXPECT_TRUE(std::isnan(adopted.latent[2]));
    }
}

TEST(MixedCma, StagnatesOnAPlateauAndWhenEverythingFails) {
    const space::Space space = real_space(3);
    for (const double score : {0.0, -1e308, failure}) {
        MixedCma cma{cube_dimensions(space), std::vector<double>(3, 0.5), {}};
        RandomStream random{6, 0, RandomPurpose::model};
        int trials = 0;
        for (; !cma.stagnated() && trials < 5000; ++trials) {
            cma.tell(cma.sample(random), score);
        }
        EXPECT_GT(trials, 50);
        EXPECT_LT(trials, 5000);
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
