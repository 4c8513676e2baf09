#include "engine/trials/native/native_evaluator.hpp"
#include "engine/trials/native/native_check.hpp"
#include "tests/unit/trials/evaluator_driver.hpp"
#include "tests/unit/trials/native/refusal.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

namespace hpogrid::trials::test {
namespace {

using nlohmann::json;
using study::Outcome;
using ::testing::HasSubstr;

/// A CSV file of two overlapping kinds of events, one kind after the other.
void write_events(const std::filesystem::path& file, int rows) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream stream{file};
    stream << "x,y,label,weight\n";
    for (int i = 0; i < rows; ++i) {
        const bool signal = i >= rows / 2;
        const double angle = 0.61803 * i;
        stream << fmt::format("{},{},{},{}\n", std::cos(angle) + (signal ? 1.2 : 0), 3 * std::sin(2.7 * angle),
                              signal ? 1 : 0, 1 + 0.5 * std::sin(i));
    }
}

class NativeEvaluation : public ::testing::Test {
  protected:
    NativeEvaluation() { write_events(folder.path() / "data" / "events.csv", 300); }

    Driver& start(const std::vector<json>& configurations, unsigned slots = 4) {
        Surroundings surroundings = surroundings_in(folder.path(), slots);
        surroundings.stop = stop;
        driver = std::make_unique<Driver>(make_native_evaluator({"mlp", param.dump()}, surroundings));
        for (std::size_t i = 0; i < configurations.size(); ++i) {
            json configuration = param;
            configuration.update(configurations[i]);
            driver->evaluator().start(order(static_cast<std::uint32_t>(i), configuration.dump()));
        }
        return *driver;
    }
    /// The losses that each trial reported.
    [[nodiscard]] std::map<std::uint32_t, std::vector<double>> losses() const {
        std::map<std::uint32_t, std::vector<double>> found;
        for (const AttemptReported& report : driver->reported) {
            found[report.trial.value].push_back(metric(report, "loss"));
        }
        return found;
    }

    TemporaryFolder folder;
    json param{{"data", "events.csv"}, {"weight", "weight"}};
    std::vector<std::pair<std::string, double>> stop;
    std::unique_ptr<Driver> driver;
};

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
    stop = {{"training_iteration", 3}};
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
    EXPECT_THAT(refusal([&] { start({}); }), HasSubstr("none.csv: cannot be read"));
    param["data"] = "events.csv";
    param["validation_fraction"] = 0;
    EXPECT_THAT(refusal([&] { start({}); }), HasSubstr("the validation part of fold 0 has no row of class 0"));
}

class NativeCheck : public NativeEvaluation {
  protected:
    /// Why a study is refused before its first trial.
    [[nodiscard]] std::string refused(const std::vector<std::string>& searched, const std::string& metric) const {
        Surroundings surroundings = surroundings_in(folder.path(), 1);
        surroundings.metric = metric;
        return refusal([&] { check_native({"mlp", param.dump()}, surroundings, searched); });
    }
};

TEST_F(NativeCheck, PassesAStudyThatCanRun) {
    EXPECT_EQ(refused({"lr", "hidden", "dropout_rate"}, "auc"), "");
}

TEST_F(NativeCheck, RefusesWhatNoTrialCouldUse) {
    EXPECT_THAT(refused({"lr", "droput"}, "auc"), HasSubstr("did you mean 'dropout'?"));
    EXPECT_THAT(refused({"lr", "label"}, "auc"), HasSubstr("'search_space.label' describes the data"));
    EXPECT_THAT(refused({"lr"}, "acu"), HasSubstr("did you mean 'auc'?"));
    param["activation"] = "rellu";
    EXPECT_THAT(refused({"lr"}, "auc"), HasSubstr("'activation'"));
}

}  // namespace
}  // namespace hpogrid::trials::test
