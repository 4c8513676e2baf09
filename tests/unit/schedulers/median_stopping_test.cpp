#include "tests/unit/schedulers/scheduler_driver.hpp"

#include "engine/core/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace hpogrid::schedulers {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

SchedulerDriver with_two_others(nlohmann::json parameters, std::uint32_t trials) {
    parameters["min_samples_required"] = 2;
    parameters.emplace("grace_period", 2);
    SchedulerDriver driver{"median_stopping", parameters, trials};
    // Means from time 2 on: of trial 0 at time 3 (4 + 2)/2 = 3, of trial 1 (6 + 8)/2 = 7. The reports at time 1 are
    // before the grace period.
    for (const auto& [trial, scores] : {std::pair{0U, std::array{100.0, 4.0, 2.0}}, {1U, {0.0, 6.0, 8.0}}}) {
        for (std::size_t i = 0; i < scores.size(); ++i) {
            EXPECT_EQ(driver.report(trial, static_cast<double>(i + 1), scores[i], false), Decision::proceed);
        }
    }
    return driver;
}

TEST(MedianStopping, StopsWhatIsStrictlyWorseThanTheMedianOfTheMeans) {
    SchedulerDriver driver = with_two_others({}, 5);
    EXPECT_EQ(driver.report(2, 1, 99.0), Decision::proceed) << "in its grace period";
    EXPECT_EQ(driver.report(2, 2, 5.0), Decision::proceed) << "median of 4 and 6";
    EXPECT_EQ(driver.report(3, 2, 5.0001), Decision::stop);
}

TEST(MedianStopping, JudgesByTheBestScoreSoFar) {
    SchedulerDriver driver = with_two_others({}, 3);
    EXPECT_EQ(driver.report(2, 1, 4.9), Decision::proceed);
    EXPECT_EQ(driver.report(2, 3, 1000.0), Decision::proceed);
}

TEST(MedianStopping, ComparesOnlyWithTrialsThatHaveGotAsFar) {
    SchedulerDriver driver = with_two_others({}, 3);
    EXPECT_EQ(driver.report(2, 4, 1000.0, false), Decision::proceed) << "nobody else has reached time 4";
}

TEST(MedianStopping, LeavesMeansThatAreNotFiniteOutAndATrialWithoutAScoreIsWorse) {
    SchedulerDriver driver = with_two_others({}, 5);
    EXPECT_EQ(driver.report(2, 2, nan), Decision::stop);
    EXPECT_EQ(driver.report(3, 2, 5.0), Decision::proceed) << "trial 2 does not count, the median is that of 4 and 6";
    EXPECT_EQ(driver.report(3, 3, nan), Decision::proceed) << "its best is 5, the median is that of 3 and 7";
}

TEST(MedianStopping, YieldsToThoseThatWaitWhileThereAreTooFewToCompareWith) {
    SchedulerDriver driver{"median_stopping", {{"grace_period", 2}, {"min_time_slice", 3}}, 3};
    EXPECT_EQ(driver.scheduler->milestone(TrialId{0}), 2);
    EXPECT_EQ(driver.report(0, 2, 1.0, false), Decision::proceed) << "nobody waits";
    EXPECT_TRUE(driver.report_and_pause(0, 2, 1.0));
    EXPECT_THAT(driver.resumed(true), IsEmpty()) << "new trials come first";
    EXPECT_THAT(driver.resumed(false), ElementsAre(0));
    EXPECT_EQ(driver.report(0, 5, 1.0), Decision::proceed) << "its slice is not over";
    EXPECT_EQ(driver.report(0, 5.5, 1.0), Decision::pause);
}

TEST(MedianStopping, DoesNotYieldWithoutACheckpoint) {
    SchedulerDriver driver{"median_stopping", {{"grace_period", 2}}, 3};
    EXPECT_EQ(driver.scheduler->on_report({TrialId{0}, 2, 1.0, true, false}), Decision::proceed);
}

TEST(MedianStopping, PausesInsteadOfStoppingWhenToldToAndThenLeavesTheTrialAlone) {
    SchedulerDriver driver = with_two_others({{"hard_stop", false}}, 3);
    EXPECT_TRUE(driver.report_and_pause(2, 2, 1000.0));
    EXPECT_THAT(driver.resumed(), ElementsAre(2));
    EXPECT_EQ(driver.report(2, 3, 1000.0), Decision::proceed);
    EXPECT_EQ(driver.scheduler->milestone(TrialId{2}), Scheduler::never);
}

TEST(MedianStopping, ResumesTheFirstTrialThatHasTheTime) {
    SchedulerDriver driver{"median_stopping", {{"time_attr", "training_iteration"}, {"grace_period", 1}}, 3};
    for (const std::uint32_t trial : {0U, 1U}) {
        EXPECT_TRUE(driver.report_and_pause(trial, 2, 1.0));
    }
    EXPECT_EQ(driver.scheduler->next_resumed({.has_time_for = [](TrialId trial) { return trial == TrialId{1}; }}),
              TrialId{1});
}

TEST(MedianStopping, HasRaysDefaults) {
    SchedulerDriver driver{"median_stopping", nlohmann::json::object(), 5};
    EXPECT_EQ(driver.scheduler->time_attribute(), "time_total_s");
    for (std::uint32_t trial = 0; trial < 3; ++trial) {
        EXPECT_EQ(driver.report(trial, 60, 1.0, false), Decision::proceed);
    }
    EXPECT_EQ(driver.report(3, 59.9, 2.0, false), Decision::proceed);
    EXPECT_EQ(driver.report(3, 60, 2.0, false), Decision::stop) << "three others are enough";
}

TEST(MedianStopping, WorksWhereTrialsCannotPauseUnlessItIsToPauseThem) {
    nlohmann::json parameters{{"grace_period", 1}};
    const auto scheduler = make_scheduler("median_stopping", {.parameters = parameters, .can_pause = false});
    scheduler->on_trial_added(TrialId{0}, {});
    EXPECT_EQ(scheduler->milestone(TrialId{0}), Scheduler::never);
    EXPECT_EQ(scheduler->on_report({TrialId{0}, 2, 1.0, true}), Decision::proceed);
    parameters["hard_stop"] = false;
    EXPECT_THROW(static_cast<void>(make_scheduler("median_stopping", {.parameters = parameters, .can_pause = false})),
                 InputError);
}

}  // namespace
}  // namespace hpogrid::schedulers
