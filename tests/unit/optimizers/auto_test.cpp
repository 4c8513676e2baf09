#include "tests/unit/optimizers/optimizing.hpp"

#include <gtest/gtest.h>

#include <set>

namespace hpogrid::optimizers {
namespace {

std::set<std::string> origins(const nlohmann::json& parameters, std::size_t trials, std::size_t from) {
    const auto optimizer =
        make_optimizer("auto", {.space = Bowl::space(), .parameters = parameters, .seed = 1, .num_trials = trials});
    std::set<std::string> found;
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
        const Suggestion suggestion = optimizer->ask(1).front();
        if (trial >= from) {
            found.insert(suggestion.origin);
        }
        optimizer->tell(
            {.kind = Observation::Kind::finished, .trial = TrialId{trial}, .score = Bowl::value(suggestion.point)});
    }
    return found;
}

TEST(Auto, FindsTheValleyOfASmoothFunction) {
    EXPECT_LT(best_of_bowl("auto", {}, 40), 0.001);
}

TEST(Auto, FindsItWithEveryAcquisitionAndScale) {
    EXPECT_LT(best_of_bowl("auto", {{"acquisition", "log_ei"}}, 40), 0.002);
    EXPECT_LT(best_of_bowl("auto", {{"kappa", 1.8}}, 40), 0.002);
    EXPECT_LT(best_of_bowl("auto", {{"rank_scores", false}}, 40), 0.002);
}

TEST(Auto, NamesItsAcquisition) {
    EXPECT_EQ(origins({}, 8, 5), std::set<std::string>{"lcb"});
    EXPECT_EQ(origins({{"acquisition", "log_ei"}}, 8, 5), std::set<std::string>{"log_ei"});
}

TEST(Auto, TakesTurnsWithItsBoundsUnlessOneIsGiven) {
    // The first trial with a model is the sixth, whose turn is κ = 1.
    const auto by_turns = points_on_bowl("auto", {}, 7);
    const auto always = points_on_bowl("auto", {{"kappa", 1.0}}, 7);
    EXPECT_EQ(by_turns[5], always[5]);
    EXPECT_NE(by_turns[6], always[6]);
}

TEST(Auto, BeginsWithQuasiRandomPoints) {
    EXPECT_EQ(origins({}, 5, 0), std::set<std::string>{"sobol"});
    EXPECT_EQ(origins({{"n_initial_points", 9}}, 9, 0), std::set<std::string>{"sobol"});
    EXPECT_EQ(origins({{"n_initial_points", 2}}, 4, 2).count("sobol"), 0U);
}

TEST(Auto, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(refusal_of("auto", {{"acquisition", "ucb"}}),
              "algorithm_param key 'acquisition' of 'auto' is \"ucb\", allowed: lcb, log_ei");
}

TEST(Auto, SpreadsABatchOverTheSpace) {
    EXPECT_GT(least_distance_in_batch("auto", {}, 8, 8), 0.01);
}

}  // namespace
}  // namespace hpogrid::optimizers
