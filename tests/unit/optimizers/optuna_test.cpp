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

TEST(Optuna, TakesTheNamesOfTheTPESampler) {
    EXPECT_EQ(refusal_of("optuna", {{"n_startup_trials", 5},
                                    {"n_ei_candidates", 10},
                                    {"gamma", 0.2},
                                    {"prior_weight", 0.5},
                                    {"consider_prior", true},
                                    {"consider_magic_clip", false},
                                    {"consider_endpoints", true},
                                    {"multivariate", true},
                                    {"group", true},
                                    {"constant_liar", false},
                                    {"warn_independent_sampling", true},
                                    {"seed", 3}}),
              "accepted");
    EXPECT_THAT(refusal_of("optuna", {{"group", true}, {"multivariate", false}}),
                testing::HasSubstr("needs 'multivariate'"));
    EXPECT_THAT(refusal_of("optuna", {{"n_startup_trial", 5}}), testing::HasSubstr("did you mean 'n_startup_trials'?"));
}

TEST(Optuna, StartsWithAsManyRandomTrialsAsAsked) {
    const Objective objective = quadratic_bowl();
    EXPECT_EQ(run_study("optuna", objective, 25, 1).count("random"), 10);
    EXPECT_EQ(run_study("optuna", objective, 25, 1, {{"n_startup_trials", 3}}).count("random"), 3);
    EXPECT_EQ(run_study("optuna", objective, 25, 1, nullptr, 5).count("random"), 14)
        << "four more are out before the tenth has finished";
}

TEST(Optuna, FollowsItsOwnSeedIfItHasOne) {
    const Objective objective = quadratic_bowl();
    EXPECT_EQ(run_study("optuna", objective, 30, 1, {{"seed", 9}}).scores,
              run_study("optuna", objective, 30, 9).scores);
}

TEST(Optuna, BeatsRandomPoints) {
    for (const Objective& objective : {quadratic_bowl(), mixed_valley(), conditional_branches()}) {
        EXPECT_TRUE(beats_random("optuna", objective)) << objective.name;
    }
    EXPECT_TRUE(beats_random("optuna", mixed_valley(), {{"multivariate", false}}));
    EXPECT_TRUE(beats_random("optuna", conditional_branches(), {{"group", true}}, 8));
}

TEST(Optuna, SeesCorrelationsOnlyWithJointDensities) {
    // A narrow valley along x = y.
    const Objective objective{"diagonal valley",
                              space::Space{{{"x", space::Uniform{0, 1}, {}}, {"y", space::Uniform{0, 1}, {}}}},
                              [](const json& c) {
                                  const double x = c.at("x").get<double>();
                                  const double y = c.at("y").get<double>();
                                  return std::abs(x - y) + 0.05 * (x - 0.8) * (x - 0.8);
                              }};
    std::vector<double> joint;
    std::vector<double> single;
    for (std::uint64_t seed = 0; seed < 31; ++seed) {
        joint.push_back(run_study("optuna", objective, 100, seed).best());
        single.push_back(run_study("optuna", objective, 100, seed, {{"multivariate", false}}).best());
    }
    std::ranges::sort(joint);
    std::ranges::sort(single);
    EXPECT_LT(joint[15], single[15]);
}

TEST(Optuna, ProposesNoPointTwiceInAFiniteSpace) {
    const Study study = run_study("optuna", integer_grid(), 120, 1);
    EXPECT_EQ(std::set<space::Point>(study.points.begin(), study.points.end()).size(), 120U);
    EXPECT_EQ(study.best(), 0.0);
}

TEST(Optuna, LearnsWhereTrialsFail) {
    EXPECT_LT(failures("optuna", failing_half(), 100), 0.8 * failures("random", failing_half(), 100));
}

/// The point after 20 finished trials, while one more is out at `x`.
space::Point next_beside(double x, const json& parameters) {
    const space::Space space{{{"x", space::Uniform{0, 1}, {}}}};
    const auto optimizer = make_optimizer("optuna", {.space = space, .parameters = parameters, .seed = 1});
    for (std::uint32_t trial = 0; trial <= 20; ++trial) {
        const double at = trial < 20 ? 0.05 * trial : x;
        optimizer->tell({.kind = Observation::Kind::pending, .trial = TrialId{trial}, .point = {at}});
        if (trial < 20) {
            optimizer->tell(
                {.kind = Observation::Kind::finished, .trial = TrialId{trial}, .score = std::abs(at - 0.5)});
        }
    }
    return optimizer->ask(1).at(0).point;
}

TEST(Optuna, MindsRunningTrialsUnlessTheConstantLiarIsOff) {
    const json off{{"constant_liar", false}};
    EXPECT_EQ(next_beside(0.51, off), next_beside(0.99, off));
    EXPECT_NE(next_beside(0.51, nullptr), next_beside(0.99, nullptr));
}

}  // namespace
}  // namespace hpogrid::optimizers
