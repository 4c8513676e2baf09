#include "tests/unit/optimizers/optimizing.hpp"

#include <gtest/gtest.h>

namespace hpogrid::optimizers {
namespace {

TEST(Bayesian, FindsTheValleyOfASmoothFunction) {
    EXPECT_LT(best_of_bowl("bayesian", {}, 40), 0.002);
}

TEST(Bayesian, UnderstandsTheParametersOfItsOriginal) {
    for (const char* kind : {"ucb", "ei", "poi"}) {
        const nlohmann::json nested{{"utility_kwargs", {{"kind", kind}, {"kappa", 1.0}, {"xi", 0.01}}},
                                    {"random_search_steps", 5}};
        const nlohmann::json flat{{"kind", kind}, {"kappa", 1.0}, {"xi", 0.01}, {"random_search_steps", 5}};
        const nlohmann::json other{{"acq", kind}, {"kappa", 1.0}, {"xi", 0.01}, {"random_search_steps", 5}};
        const auto points = points_on_bowl("bayesian", nested, 12);
        EXPECT_EQ(points, points_on_bowl("bayesian", flat, 12)) << kind;
        EXPECT_EQ(points, points_on_bowl("bayesian", other, 12)) << kind;
    }
    EXPECT_NE(points_on_bowl("bayesian", {{"kind", "ucb"}}, 15), points_on_bowl("bayesian", {{"kind", "ei"}}, 15));
    EXPECT_NE(points_on_bowl("bayesian", {{"kappa", 9.0}}, 15), points_on_bowl("bayesian", {{"kappa", 0.1}}, 15));
}

TEST(Bayesian, RefusesWhatTheOriginalDoesNotKnow) {
    EXPECT_EQ(refusal_of("bayesian", {{"kind", "mes"}}),
              "algorithm_param key 'kind' of 'bayesian' is \"mes\", allowed: ucb, ei, poi");
    EXPECT_EQ(refusal_of("bayesian", {{"utility_kwargs", {{"kapa", 1}}}}),
              "algorithm_param.utility_kwargs key 'kapa' is unknown to 'bayesian' (did you mean 'kappa'?), allowed: "
              "kind, kappa, xi, kappa_decay, kappa_decay_delay");
    EXPECT_EQ(refusal_of("bayesian", {{"utility_kwargs", "ucb"}}),
              "algorithm_param key 'utility_kwargs' of 'bayesian' is \"ucb\", allowed: an object");
}

TEST(Bayesian, SpreadsABatchOverTheSpace) {
    EXPECT_GT(least_distance_in_batch("bayesian", {}, 20, 8), 0.01);
}

}  // namespace
}  // namespace hpogrid::optimizers
