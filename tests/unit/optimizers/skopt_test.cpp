#include "tests/unit/optimizers/optimizing.hpp"

#include <gtest/gtest.h>

namespace hpogrid::optimizers {
namespace {

TEST(Skopt, FindsTheValleyOfASmoothFunction) {
    EXPECT_LT(best_of_bowl("skopt", {}, 40), 0.005);
    for (const char* function : {"EI", "LCB", "PI"}) {
        EXPECT_LT(best_of_bowl("skopt", {{"acq_func", function}}, 40), 0.01) << function;
    }
}

TEST(Skopt, FindsItWithTreesToo) {
    for (const char* estimator : {"RF", "ET", "GBRT"}) {
        EXPECT_LT(best_of_bowl("skopt", {{"base_estimator", estimator}}, 60), 0.03) << estimator;
    }
}

TEST(Skopt, UnderstandsTheParametersOfItsOriginal) {
    const auto usual = points_on_bowl("skopt", {}, 14);
    EXPECT_EQ(points_on_bowl("skopt", {{"base_estimator", "gp"}, {"n_random_starts", 10}}, 14), usual);
    EXPECT_NE(points_on_bowl("skopt", {{"n_initial_points", 5}}, 14), usual);
    EXPECT_NE(points_on_bowl("skopt", {{"initial_point_generator", "sobol"}}, 1), points_on_bowl("skopt", {}, 1));
    EXPECT_NE(points_on_bowl("skopt", {{"acq_optimizer", "sampling"}}, 14), usual);
    EXPECT_NE(points_on_bowl("skopt", {{"acq_optimizer_kwargs", {{"n_points", 50}}}}, 14), usual);
    const auto bound = [](double kappa) {
        return nlohmann::json{{"acq_func", "LCB"}, {"acq_func_kwargs", {{"kappa", kappa}}}};
    };
    EXPECT_NE(points_on_bowl("skopt", bound(0.0), 14), points_on_bowl("skopt", bound(9.0), 14));
    EXPECT_EQ(points_on_bowl("skopt", {{"base_estimator", "DUMMY"}}, 10), points_on_bowl("skopt", {}, 10));
}

TEST(Skopt, RefusesWhatTheOriginalDoesNotKnow) {
    EXPECT_EQ(refusal_of("skopt", {{"acq_func", "MES"}}),
              "algorithm_param key 'acq_func' of 'skopt' is \"MES\", allowed: gp_hedge, EI, LCB, PI");
    EXPECT_EQ(refusal_of("skopt", {{"base_estimator", "RF"}, {"acq_optimizer", "lbfgs"}}),
              "algorithm_param key 'acq_optimizer' of 'skopt' is \"lbfgs\" (only a base_estimator 'GP' has gradients), "
              "allowed: auto, sampling");
    EXPECT_EQ(refusal_of("skopt", {{"acq_optimizer_kwargs", {{"n_point", 5}}}}),
              "algorithm_param.acq_optimizer_kwargs key 'n_point' is unknown to 'skopt' (did you mean 'n_points'?), "
              "allowed: n_points, n_restarts_optimizer, n_jobs");
}

TEST(Skopt, SpreadsABatchOverTheSpace) {
    for (const char* estimator : {"GP", "RF"}) {
        EXPECT_GT(least_distance_in_batch("skopt", {{"base_estimator", estimator}}, 20, 8), 0.005) << estimator;
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
