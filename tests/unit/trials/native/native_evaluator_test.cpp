#include "engine/trials/native/native_evaluator.hpp"
#include "engine/trials/native/native_check.hpp"
#include "tests/unit/trials/native/native_fixture.hpp"
#include "tests/unit/trials/native/refusal.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace hpogrid::trials::test {
namespace {

using nlohmann::json;
using study::Outcome;
using ::testing::HasSubstr;

TEST_F(NativeEvaluation, ReportsEveryEpochAndCompletes) {
    start({{{"epochs", 30}, {"lr", 0.01}, {"batch_size", 32}}}).run_until_ended(1);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::completed) << driver->ended[0].error;
    ASSERT_EQ(driver->reported.size(), 30U);
    EXPECT_EQ(driver->reported[29].report.iteration, 30);
    EXPECT_LT(metric(driver->reported[29], "loss"), metric(driver->reported[0], "loss"));
    EXPECT_GT(metric(driver->reported[29], "auc"), 0.8);
    EXPECT_GT(metric(driver->reported[29], "significance"), 1);
}

TEST_F(NativeEvaluation, TrainsMoreTrialsThanSlotsAndNoneChangesAnother) {
    std::vector<json> configurations;
    for (int i = 0; i < 10; ++i) {
        configurations.push_back({{"hidden", 8 + i}, {"epochs", 1 + i % 4}, {"dropout", 0.1}});
    }
    start(configurations, 4).run_until_ended(10);
    const auto together = losses();
    start(configurations, 1).run_until_ended(10);
    EXPECT_EQ(losses(), together);
    EXPECT_EQ(together.size(), 10U);
    EXPECT_EQ(together.at(7).size(), 4U);
}

TEST_F(NativeEvaluation, EndsATrialThatIsStopped) {
    start({{{"epochs", 1'000'000}}, {{"epochs", 1'000'000}}}, 1).run_until_reported(2);
    driver->evaluator().stop(TrialId{1}, 1, StopCause::cancelled);
    driver->evaluator().stop(TrialId{0}, 1, StopCause::stopped);
    driver->run_until_ended(2);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::cancelled);
    EXPECT_EQ(driver->ended[1].outcome, Outcome::stopped);
    EXPECT_EQ(driver->started.size(), 1U);
}

TEST_F(NativeEvaluation, EndsATrialThatReachesItsStopCondition) {
    surroundings.stop = {{"training_iteration", 3}};
    start({{{"epochs", 1'000'000}}}).run_until_ended(1);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::completed);
    EXPECT_EQ(driver->reported.size(), 3U);
}

TEST_F(NativeEvaluation, FailsATrialWhoseConfigurationIsWrongAndGoesOn) {
    start({{{"lr", -1}}, {{"epochs", 1}}}, 1).run_until_ended(2);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::failed);
    EXPECT_THAT(driver->ended[0].error, HasSubstr("key 'lr'"));
    EXPECT_EQ(driver->ended[1].outcome, Outcome::completed);
}

TEST_F(NativeEvaluation, FailsATrialThatDiverges) {
    start({{{"optimizer", "sgd"}, {"lr", 1e30}, {"epochs", 100}}}).run_until_ended(1);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::failed);
    EXPECT_THAT(driver->ended[0].error, HasSubstr("finite"));
    EXPECT_LT(driver->reported.size(), 5U);
}

TEST_F(NativeEvaluation, RefusesDataThatCannotBeUsed) {
    param["data"] = "none.csv";
    EXPECT_THAT(refusal([&] { restart(); }), HasSubstr("none.csv: cannot be read"));
    param["data"] = "events.csv";
    param["validation_fraction"] = 0;
    EXPECT_THAT(refusal([&] { restart(); }), HasSubstr("the validation part of fold 0 has no row of class 0"));
}

class NativeCheck : public NativeEvaluation {
  protected:
    /// Why a study is refused before its first trial.
    [[nodiscard]] std::string refused(const std::vector<std::string>& searched, const std::string& metric,
                                      const std::vector<std::string>& changing = {}) const {
        Surroundings around = surroundings;
        around.metric = metric;
        return refusal([&] { check_native({model, param.dump(), searched, changing}, around); });
    }
};

TEST_F(NativeCheck, PassesAStudyThatCanRun) {
    EXPECT_EQ(refused({"lr", "hidden", "dropout_rate"}, "auc", {"lr", "dropout_rate"}), "");
}

TEST_F(NativeCheck, RefusesWhatNoTrialCouldUse) {
    EXPECT_THAT(refused({"lr", "droput"}, "auc"), HasSubstr("did you mean 'dropout'?"));
    EXPECT_THAT(refused({"lr", "label"}, "auc"), HasSubstr("'search_space.label' describes the data"));
    EXPECT_THAT(refused({"lr"}, "acu"), HasSubstr("did you mean 'auc'?"));
    EXPECT_THAT(refused({"lr", "units"}, "auc", {"lr", "units"}), HasSubstr("would change 'units'"));
    param["activation"] = "rellu";
    EXPECT_THAT(refused({"lr"}, "auc"), HasSubstr("'activation'"));
}

TEST_F(NativeCheck, LeavesTheRowsToWhoTrainsWithThem) {
    std::ofstream{folder.path() / "data" / "events.csv", std::ios::app} << "0,0,many,1\n";
    EXPECT_EQ(refused({"lr"}, "auc"), "");
    EXPECT_THAT(refusal([&] { restart(); }), HasSubstr("'label' is 'many'"));
}

TEST_F(NativeEvaluation, RefusesWhatTheDataDoNotAllow) {
    param["task"] = "regression";
    surroundings.metric = "accuracy";
    EXPECT_THAT(refusal([&] { restart(); }), HasSubstr("does not report it for this data"));
    surroundings.metric = "loss";
    param["activation"] = "rellu";
    EXPECT_THAT(refusal([&] { restart(); }), HasSubstr("'activation'"));
}

}  // namespace
}  // namespace hpogrid::trials::test
