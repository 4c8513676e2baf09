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
    EXPECT_LT(best_of_bowl("auto", {{"power_scores", false}}, 40), 0.002);
}

/// Mean over seeds of the best of 30 trials in a space of categories alone, of which each counts for itself.
double best_of_categories(double main_effects) {
    std::vector<space::Parameter> parameters;
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
        parameters.push_back({name, space::Categorical{{0, 1, 2, 3, 4}}, {}});
    }
    const space::Space space{parameters};
    constexpr std::uint64_t seeds = 20;
    double sum = 0.0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const auto optimizer = make_optimizer(
            "auto", {.space = space, .parameters = {{"main_effects", main_effects}}, .seed = seed, .num_trials = 30});
        double best = std::numeric_limits<double>::infinity();
        for (std::uint32_t trial = 0; trial < 30; ++trial) {
            const space::Point point = optimizer->ask(1).front().point;
            double score = 0.0;
            for (std::size_t i = 0; i < point.size(); ++i) {
                const std::uint64_t costs = (std::get<space::Category>(point[i]).index + seed * (i + 1)) % 5;
                score += static_cast<double>(costs * costs);
            }
            best = std::min(best, score);
            optimizer->tell({.kind = Observation::Kind::finished, .trial = TrialId{trial}, .score = score});
        }
        sum += best;
    }
    return sum / seeds;
}

TEST(Auto, LearnsWhatCategoriesDoByThemselvesFromFewTrials) {
    EXPECT_LT(best_of_categories(0.5), 0.5 * best_of_categories(0.0));
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
