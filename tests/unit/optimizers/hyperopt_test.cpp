#include "tests/unit/optimizers/objectives.hpp"
#include "tests/unit/optimizers/optimizing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace hpogrid::optimizers {
namespace {

using nlohmann::json;

TEST(Hyperopt, TakesTheNamesOfHyperoptAndRayTune) {
    EXPECT_EQ(refusal_of("hyperopt", {{"n_startup_jobs", 5},
                                      {"n_EI_candidates", 10},
                                      {"gamma", 0.5},
                                      {"prior_weight", 0.5},
                                      {"linear_forgetting", 10}}),
              "accepted");
    EXPECT_EQ(refusal_of("hyperopt", {{"n_initial_points", 5}, {"random_state_seed", 7}}), "accepted");
    EXPECT_EQ(refusal_of("hyperopt", {{"n_initial_points", 5}, {"n_startup_jobs", 5}}), "accepted");
    EXPECT_THAT(refusal_of("hyperopt", {{"n_initial_points", 5}, {"n_startup_jobs", 6}}),
                testing::HasSubstr("allowed: one of them"));
    EXPECT_EQ(refusal_of("hyperopt", {{"gamma", 0}}),
              "algorithm_param key 'gamma' of 'hyperopt' is 0, allowed: a number above 0");
    EXPECT_THAT(refusal_of("hyperopt", {{"gama", 0.5}}), testing::HasSubstr("did you mean 'gamma'?"));
}

TEST(Hyperopt, StartsWithAsManyRandomTrialsAsAsked) {
    const Objective objective = quadratic_bowl();
    for (const auto& [parameters, random] :
         {std::pair{json::object(), 20}, std::pair{json{{"n_startup_jobs", 3}}, 3}}) {
        const Study study = run_study("hyperopt", objective, 25, 1, parameters);
        EXPECT_EQ(study.count("random"), random);
        EXPECT_EQ(study.count("tpe"), 25 - random);
    }
}

TEST(Hyperopt, FollowsItsOwnSeedIfItHasOne) {
    const Objective objective = quadratic_bowl();
    const json own{{"random_state_seed", 9}};
    EXPECT_EQ(run_study("hyperopt", objective, 30, 1, own).scores, run_study("hyperopt", objective, 30, 2, own).scores);
    EXPECT_EQ(run_study("hyperopt", objective, 30, 1, own).scores, run_study("hyperopt", objective, 30, 9).scores);
}

TEST(Hyperopt, BeatsRandomPoints) {
    for (const Objective& objective : {quadratic_bowl(), mixed_valley(), conditional_branches()}) {
        EXPECT_TRUE(beats_random("hyperopt", objective)) << objective.name;
    }
}

TEST(Hyperopt, PrefersNeighboursOfTheBestPointToRandomOnesInAFiniteSpace) {
    // 400 points: a duplicate is replaced by the next best candidates, not by chance.
    const Objective objective = integer_grid();
    const Study study = run_study("hyperopt", objective, 120, 1);
    EXPECT_EQ(std::set<space::Point>(study.points.begin(), study.points.end()).size(), 120U);
    EXPECT_EQ(study.count("random"), 20);
    EXPECT_EQ(study.best(), 0.0);
}

TEST(Hyperopt, LearnsWhereTrialsFail) {
    EXPECT_LT(failures("hyperopt", failing_half(), 100), 0.8 * failures("random", failing_half(), 100));
}

}  // namespace
}  // namespace hpogrid::optimizers
