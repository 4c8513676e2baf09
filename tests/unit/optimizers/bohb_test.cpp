#include "tests/unit/optimizers/objectives.hpp"
#include "tests/unit/optimizers/optimizing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using nlohmann::json;

TEST(Bohb, TakesTheNamesOfHpbandster) {
    EXPECT_EQ(refusal_of("bohb", {{"min_points_in_model", 7},
                                  {"top_n_percent", 20},
                                  {"num_samples", 32},
                                  {"random_fraction", 0.25},
                                  {"bandwidth_factor", 2},
                                  {"min_bandwidth", 0.01},
                                  {"seed", 3}}),
              "accepted");
    EXPECT_EQ(refusal_of("bohb", {{"random_fraction", 1.5}}),
              "algorithm_param key 'random_fraction' of 'bohb' is 1.5, allowed: a number from 0 to 1");
    EXPECT_THAT(refusal_of("bohb", {{"min_points_in_modl", 5}}),
                testing::HasSubstr("did you mean 'min_points_in_model'?"));
}

TEST(Bohb, ModelsAsSoonAsThereAreTwiceDPlusOneTrials) {
    const Study study = run_study("bohb", quadratic_bowl(), 60, 1, {{"random_fraction", 0}});
    EXPECT_EQ(study.count("random"), 8) << "three parameters";
    EXPECT_EQ(study.count("kde"), 52);
    EXPECT_EQ(run_study("bohb", quadratic_bowl(), 60, 1, {{"random_fraction", 0}, {"min_points_in_model", 10}})
                  .count("random"),
              14)
        << "ten good ones and four others";
}

TEST(Bohb, DrawsAThirdOfThePointsAtRandom) {
    std::ptrdiff_t random = 0;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        random += run_study("bohb", quadratic_bowl(), 108, seed).count("random") - 8;
    }
    // Of 1000: a standard deviation is 15.
    EXPECT_NEAR(static_cast<double>(random), 333, 60);
}

TEST(Bohb, BeatsRandomPointsInAMixedSpace) {
    // Not by that much on a bowl of three real numbers, with its wide kernels: nor does the original, which finds the
    // better point there in 37 of 60 studies.
    EXPECT_TRUE(beats_random("bohb", mixed_valley()));
}

TEST(Bohb, ProposesNoPointTwiceInAFiniteSpace) {
    const Study study = run_study("bohb", integer_grid(), 120, 1);
    EXPECT_EQ(std::set<space::Point>(study.points.begin(), study.points.end()).size(), 120U);
}

TEST(Bohb, LearnsWhereTrialsFail) {
    EXPECT_LT(failures("bohb", failing_half(), 100), 0.8 * failures("random", failing_half(), 100));
}

/// Share of 200 proposals with x > 0.5 after trials of which all reported once and some reached iteration 9. What is
/// good early is bad late: x is the score at iteration 1, 1 − x at iteration 9.
double share_of_late_winners(std::uint32_t reaching_nine) {
    const space::Space space{{{"x", space::Uniform{0, 1}, {}}}};
    const json parameters{{"random_fraction", 0}};
    const auto optimizer = make_optimizer("bohb", {.space = space, .parameters = parameters, .seed = 1});
    for (std::uint32_t trial = 0; trial < 40; ++trial) {
        const double x = (trial * 7 % 40 + 0.5) / 40;
        const TrialId id{trial};
        optimizer->tell({.kind = Observation::Kind::pending, .trial = id, .point = {x}});
        optimizer->tell({.kind = Observation::Kind::intermediate, .trial = id, .score = x, .iteration = 1});
        if (trial < reaching_nine) {
            optimizer->tell({.kind = Observation::Kind::intermediate, .trial = id, .score = 1 - x, .iteration = 9});
        }
    }
    double late = 0.0;
    for (const Suggestion& suggestion : optimizer->ask(200)) {
        late += std::get<double>(suggestion.point[0]) > 0.5 ? 1.0 : 0.0;
    }
    return late / 200;
}

TEST(Bohb, ModelsTheLargestBudgetThatHasEnoughTrials) {
    EXPECT_LT(share_of_late_winners(0), 0.1);
    EXPECT_LT(share_of_late_winners(3), 0.1) << "three are too few";
    EXPECT_GT(share_of_late_winners(12), 0.9);
}

}  // namespace
}  // namespace hpogrid::optimizers
