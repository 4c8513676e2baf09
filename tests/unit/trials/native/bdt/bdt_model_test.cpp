#include "engine/trials/native/native_check.hpp"
#include "tests/unit/trials/native/native_fixture.hpp"
#include "tests/unit/trials/native/refusal.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

namespace hpogrid::trials::test {
namespace {

using study::Outcome;
using ::testing::HasSubstr;

class BoostedTrees : public NativeEvaluation {
  protected:
    BoostedTrees() { model = "bdt"; }

    /// Draws rows and columns in each round.
    [[nodiscard]] static json random_forest(const std::string& method, int rounds) {
        return {{"n_estimators", rounds},  {"tree_method", method}, {"subsample", 0.6},
                {"colsample_bytree", 0.5}, {"max_depth", 3},        {"lr", 0.2}};
    }
    [[nodiscard]] std::vector<double> reported(std::uint32_t trial) const { return losses().at(trial); }
};

TEST_F(BoostedTrees, ReportEveryRoundAndLearn) {
    start({{{"n_estimators", 30}, {"max_depth", 3}}}).run_until_ended(1);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::completed) << driver->ended[0].error;
    ASSERT_EQ(driver->reported.size(), 30U);
    EXPECT_EQ(driver->reported[29].report.iteration, 30);
    EXPECT_LT(metric(driver->reported[29], "training_loss"), metric(driver->reported[0], "training_loss") / 2);
    EXPECT_GT(metric(driver->reported[29], "auc"), 0.85);
    EXPECT_GT(metric(driver->reported[29], "significance"), 1);
}

TEST_F(BoostedTrees, TellOfGpusThatTheyHaveNoUseFor) {
    surroundings.gpus_of_slot = {"GPU-1,GPU-2"};
    testing::internal::CaptureStderr();
    restart();
    EXPECT_THAT(testing::internal::GetCapturedStderr(),
                HasSubstr("on the cores, not on GPU-1, GPU-2 (the model 'bdt'"));
}

TEST_F(BoostedTrees, ReportAfterSeveralRoundsWhereThatIsAskedFor) {
    start({{{"n_estimators", 25}, {"rounds_per_report", 10}}}).run_until_ended(1);
    ASSERT_EQ(driver->reported.size(), 3U) << "after 10, 20 and 25";
    EXPECT_EQ(driver->reported[2].report.iteration, 3);
    const double last = metric(driver->reported[2], "loss");
    start({{{"n_estimators", 25}}}).run_until_ended(1);
    EXPECT_EQ(reported(0).back(), last);
}

TEST_F(BoostedTrees, DoNotDependOnTrialsBesideThem) {
    std::vector<json> configurations;
    for (const char* method : {"hist", "exact", "hist", "exact", "hist"}) {
        configurations.push_back(random_forest(method, 6 + static_cast<int>(configurations.size())));
    }
    configurations[4]["max_bin"] = 16;
    start(configurations, 4).run_until_ended(5);
    const auto together = losses();
    start(configurations, 1).run_until_ended(5);
    EXPECT_EQ(losses(), together);
    EXPECT_NE(together.at(0)[3], together.at(2)[3]) << "each has a seed of its own";
}

TEST_F(BoostedTrees, DoNotChangeWhenATrialIsPaused) {
    for (const char* method : {"hist", "exact"}) {
        start({random_forest(method, 8)}).run_until_ended(1);
        const std::vector<double> expected = reported(0);
        TrialOrder first = order_for(0, random_forest(method, 8));
        first.milestone = 3;
        restart().evaluator().start(first);
        driver->run_until_reported(3);
        const auto checkpoint = surroundings.checkpoints_folder / folder_name(driver->saved.at(0).checkpoint);
        std::vector<double> both = reported(0);
        TrialOrder second = order_for(0, random_forest(method, 8), 2);
        second.checkpoint = checkpoint;
        restart().evaluator().start(second);
        driver->run_until_ended(1);
        ASSERT_EQ(driver->reported.size(), 5U) << driver->ended[0].error;
        const auto rest = reported(0);
        both.insert(both.end(), rest.begin(), rest.end());
        EXPECT_EQ(both, expected) << method;
    }
}

TEST_F(BoostedTrees, EndWhenTheLossHasNotFallenForLong) {
    start({{{"n_estimators", 1000}, {"learning_rate", 1}, {"early_stopping_rounds", 5}}}).run_until_ended(1);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::completed);
    const auto all = reported(0);
    ASSERT_LT(all.size(), 200U);
    EXPECT_EQ(all.end() - std::ranges::min_element(all), 6);
}

TEST_F(BoostedTrees, LeaveTheModelOfTheirBestReport) {
    start({{{"n_estimators", 60}, {"learning_rate", 1}}}).run_until_ended(1);
    const auto all = reported(0);
    const auto best = std::ranges::min_element(all) - all.begin();
    ASSERT_LT(best, 59);
    const json exported = json::parse(read_text(surroundings.trials_folder / "000000" / "model.json"));
    const json& learner = exported.at("learner");
    EXPECT_EQ(learner.at("gradient_booster").at("model").at("trees").size(), static_cast<std::size_t>(best) + 1);
    EXPECT_EQ(learner.at("attributes").at("training_iteration"), std::to_string(best + 1));
    EXPECT_EQ(learner.at("feature_names"), (json{"x", "y"}));
}

TEST_F(BoostedTrees, HeedTheirHyperparameters) {
    const json base{{"n_estimators", 3}};
    std::vector<json> configurations{base};
    for (const auto& [key, value] : {std::pair{"learning_rate", 0.1},
                                     {"max_depth", 2.0},
                                     {"min_child_weight", 20.0},
                                     {"gamma", 3.0},
                                     {"subsample", 0.4},
                                     {"colsample_bytree", 0.5},
                                     {"lambda", 30.0},
                                     {"alpha", 5.0},
                                     {"max_bin", 4.0},
                                     {"scale_pos_weight", 5.0}}) {
        json changed = base;
        changed[key] = value == std::trunc(value) ? json(static_cast<int>(value)) : json(value);
        configurations.push_back(changed);
    }
    start(configurations).run_until_ended(configurations.size());
    for (std::uint32_t i = 1; i < configurations.size(); ++i) {
        EXPECT_NE(reported(i).back(), reported(0).back()) << configurations[i].dump();
    }
}

TEST_F(BoostedTrees, OfARegressionReportTheMeanSquaredError) {
    param = {{"data", "events.csv"}, {"label", "y"}, {"features", {"x", "label"}}, {"task", "regression"}};
    start({{{"n_estimators", 5}}}).run_until_ended(1);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::completed) << driver->ended[0].error;
    EXPECT_GT(metric(driver->reported[4], "loss"), metric(driver->reported[4], "training_loss"));
}

TEST_F(BoostedTrees, RefuseWhatNoTrialCouldUse) {
    const auto refused = [&](const std::vector<std::string>& searched) {
        return refusal([&] { check_native({model, param.dump(), searched}, surroundings); });
    };
    EXPECT_EQ(refused({"eta", "max_depth", "reg_lambda", "num_boost_round"}), "");
    EXPECT_THAT(refused({"max_dept"}), HasSubstr("did you mean 'max_depth'?"));
    EXPECT_THAT(refused({"eta", "learning_rate"}), HasSubstr("under two names"));
    param["subsample"] = 1.5;
    EXPECT_THAT(refused({}), HasSubstr("'subsample'"));
    param["subsample"] = 0.5;
    param["fold"] = 3;
    EXPECT_THAT(refused({}), HasSubstr("'fold'"));
    param = {{"data", "events.csv"}, {"weight", "y"}};
    EXPECT_THAT(refusal([&] { restart(); }), HasSubstr("negative"));
}

}  // namespace
}  // namespace hpogrid::trials::test
