#include "tests/unit/schedulers/scheduler_driver.hpp"

#include "engine/core/error.hpp"
#include "engine/schedulers/halving_bracket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace hpogrid::schedulers {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// max_t 4, factor 2: a band of three brackets. s = 0: 3 trials to 4; s = 1: 3 trials to 2, 2 of them to 4;
// s = 2: 4 trials to 1, 2 to 2, 1 to 4.
const nlohmann::json small{{"max_t", 4}, {"reduction_factor", 2}};

TEST(HyperBand, FillsTheSmallestBracketFirstAndBohbsTheLargest) {
    const SchedulerDriver hyperband{"hyperband", small, 10};
    const SchedulerDriver bohb{"bohbhyperband", small, 10};
    std::vector<double> milestones;
    std::vector<double> bohb_milestones;
    for (std::uint32_t trial = 0; trial < 10; ++trial) {
        milestones.push_back(hyperband.scheduler->milestone(TrialId{trial}));
        bohb_milestones.push_back(bohb.scheduler->milestone(TrialId{trial}));
    }
    EXPECT_THAT(milestones, ElementsAre(4, 4, 4, 2, 2, 2, 1, 1, 1, 1));
    EXPECT_THAT(bohb_milestones, ElementsAre(1, 1, 1, 1, 2, 2, 2, 4, 4, 4));
}

TEST(HyperBand, HasTheBracketsOfTheBlogPostByDefault) {
    // max_t 81, factor 3: 81 trials to 1, 34 to 3, 15 to 9, 8 to 27, 5 to 81 (Ray's formula for n).
    const SchedulerDriver driver{"bohbhyperband", nlohmann::json::object(), 143};
    const auto milestone = [&](std::uint32_t trial) { return driver.scheduler->milestone(TrialId{trial}); };
    EXPECT_EQ(milestone(80), 1);
    EXPECT_EQ(milestone(81), 3);
    EXPECT_EQ(milestone(81 + 33), 3);
    EXPECT_EQ(milestone(81 + 34), 9);
    EXPECT_EQ(milestone(81 + 34 + 15), 27);
    EXPECT_EQ(milestone(81 + 34 + 15 + 8), 81);
}

TEST(HyperBand, PausesUntilTheWholeBracketHasArrivedThenEndsTheWorseHalf) {
    SchedulerDriver driver{"bohbhyperband", small, 4};
    EXPECT_TRUE(driver.report_and_pause(0, 1, 3.0));
    EXPECT_TRUE(driver.report_and_pause(1, 1, 1.0));
    EXPECT_TRUE(driver.report_and_pause(2, 1, 4.0));
    EXPECT_THAT(driver.resumed(), IsEmpty());
    EXPECT_EQ(driver.report(3, 1, 2.0), Decision::proceed) << "the last to arrive is among the better half";
    EXPECT_THAT(driver.ended(), ElementsAre("2 stop", "0 stop"));
    EXPECT_THAT(driver.resumed(), ElementsAre(1));
    EXPECT_EQ(driver.scheduler->milestone(TrialId{1}), 2);
    EXPECT_TRUE(driver.report_and_pause(1, 2, 1.0));
    EXPECT_EQ(driver.report(3, 2, 2.0), Decision::stop) << "the last to arrive is the worse one";
    EXPECT_THAT(driver.resumed(), ElementsAre(1));
    EXPECT_EQ(driver.report(1, 3, 1.0), Decision::proceed);
    EXPECT_EQ(driver.report(1, 4, 1.0), Decision::complete);
}

TEST(HyperBand, LetsTheLaterOfEqualsStay) {
    SchedulerDriver driver{"bohbhyperband", small, 4};
    for (const std::uint32_t trial : {3U, 1U, 0U}) {
        EXPECT_TRUE(driver.report_and_pause(trial, 1, 0.5));
    }
    EXPECT_EQ(driver.report(2, 1, 0.5), Decision::proceed);
    EXPECT_THAT(driver.ended(), UnorderedElementsAre("0 stop", "1 stop"));
    EXPECT_THAT(driver.resumed(), ElementsAre(3));
}

TEST(HyperBand, CountsWhatIsNotFiniteAsTheWorst) {
    SchedulerDriver driver{"bohbhyperband", small, 4};
    EXPECT_TRUE(driver.report_and_pause(0, 1, nan));
    EXPECT_TRUE(driver.report_and_pause(1, 1, 1e9));
    EXPECT_TRUE(driver.report_and_pause(2, 1, std::numeric_limits<double>::infinity()));
    EXPECT_EQ(driver.report(3, 1, 1e10), Decision::proceed);
    EXPECT_THAT(driver.ended(), UnorderedElementsAre("0 stop", "2 stop"));
}

TEST(HyperBand, DoesNotResumeATrialAgainThatWaitsForItsGroup) {
    SchedulerDriver driver{"bohbhyperband", small, 4};
    for (const std::uint32_t trial : {0U, 1U, 2U}) {
        EXPECT_TRUE(driver.report_and_pause(trial, 1, trial));
    }
    EXPECT_EQ(driver.report(3, 1, 9.0), Decision::stop);
    EXPECT_EQ(driver.scheduler->next_resumed({}), TrialId{0});
    driver.scheduler->on_trial_resumed(TrialId{0});
    EXPECT_TRUE(driver.report_and_pause(0, 2, 0.0));
    EXPECT_EQ(driver.scheduler->next_resumed({}), TrialId{1}) << "trial 0 waits for trial 1";
    driver.scheduler->on_trial_resumed(TrialId{1});
    EXPECT_EQ(driver.scheduler->next_resumed({}), std::nullopt);
}

TEST(HyperBand, ResumesATrialOnlyWhenItHasLeftItsPlace) {
    SchedulerDriver driver{"bohbhyperband", small, 4};
    for (const std::uint32_t trial : {0U, 1U, 2U}) {
        EXPECT_EQ(driver.report(trial, 1, trial), Decision::pause);
    }
    EXPECT_EQ(driver.report(3, 1, 9.0), Decision::stop);
    EXPECT_THAT(driver.resumed(), IsEmpty());
    driver.scheduler->on_trial_paused(TrialId{1});
    EXPECT_THAT(driver.resumed(), ElementsAre(1));
}

TEST(HyperBand, PassesOverATrialThatHasNoTimeForItsNextRound) {
    SchedulerDriver driver{"bohbhyperband", small, 4};
    for (const std::uint32_t trial : {0U, 1U, 2U}) {
        EXPECT_TRUE(driver.report_and_pause(trial, 1, trial));
    }
    EXPECT_EQ(driver.report(3, 1, 9.0), Decision::stop);
    EXPECT_EQ(driver.scheduler->next_judgement(TrialId{0}), 2);
    const auto resumed = [&](auto has_time_for) {
        return driver.scheduler->next_resumed({.has_time_for = has_time_for});
    };
    EXPECT_EQ(resumed([](TrialId trial) { return trial == TrialId{1}; }), TrialId{1});
    EXPECT_EQ(resumed([](TrialId) { return false; }), std::nullopt);
    EXPECT_THAT(driver.resumed(), ElementsAre(0, 1)) << "it was only passed over";
}

TEST(HyperBand, GoesOnWithoutTrialsThatFailed) {
    SchedulerDriver driver{"bohbhyperband", small, 4};
    for (const std::uint32_t trial : {0U, 1U, 2U}) {
        EXPECT_TRUE(driver.report_and_pause(trial, 1, trial));
    }
    driver.scheduler->on_trial_removed(TrialId{3});
    EXPECT_THAT(driver.ended(), ElementsAre("2 stop"));
    EXPECT_THAT(driver.resumed(), ElementsAre(0, 1));
}

TEST(HyperBand, WaitsForABracketThatIsNotFullUntilNoTrialWillCome) {
    SchedulerDriver driver{"bohbhyperband", small, 3};
    for (const std::uint32_t trial : {0U, 1U, 2U}) {
        EXPECT_TRUE(driver.report_and_pause(trial, 1, trial));
    }
    EXPECT_THAT(driver.resumed(), IsEmpty());
    driver.scheduler->on_stall();
    EXPECT_THAT(driver.ended(), ElementsAre("2 stop"));
    EXPECT_THAT(driver.resumed(), ElementsAre(0, 1));
}

TEST(HyperBand, DoesNotRefillABracketWhoseTrialsHaveEnded) {
    SchedulerDriver driver{"hyperband", small, 3};
    for (const std::uint32_t trial : {0U, 1U, 2U}) {
        EXPECT_EQ(driver.report(trial, 4, 1.0), Decision::complete);
    }
    driver.add(1);
    EXPECT_EQ(driver.scheduler->milestone(TrialId{3}), 2) << "the first of the next bracket";
}

TEST(HyperBand, ATrialThatStartsAgainKeepsItsPlaceInTheBracket) {
    SchedulerDriver driver{"bohbhyperband", small, 4};
    for (const std::uint32_t trial : {0U, 1U, 2U}) {
        EXPECT_TRUE(driver.report_and_pause(trial, 1, trial));
    }
    driver.scheduler->on_trial_restarted(TrialId{3});
    EXPECT_THAT(driver.ended(), IsEmpty());
    EXPECT_EQ(driver.report(3, 1, -1.0), Decision::proceed);
}

TEST(HyperBand, LetsTheLastTrialsRunOnWhenTheyAreNotToBeStopped) {
    nlohmann::json parameters = small;
    parameters["stop_last_trials"] = false;
    SchedulerDriver driver{"hyperband", parameters, 3};
    EXPECT_EQ(driver.scheduler->milestone(TrialId{0}), Scheduler::never);
    EXPECT_EQ(driver.report(0, 100, 1.0), Decision::proceed);
}

TEST(HyperBand, SkipsBracketsThatWouldBeginBeforeTimeOne) {
    // max_t 10, factor 3: round(log 10 / log 3) = 2, and 10/9 rounds down to 1: three brackets. With max_t 8 it is 0.
    const SchedulerDriver driver{"bohbhyperband", {{"max_t", 8}, {"reduction_factor", 3}}, 1};
    EXPECT_EQ(driver.scheduler->milestone(TrialId{0}), 2);
}

TEST(HyperBand, IsRefusedWhereTrialsCannotPause) {
    const auto none = nlohmann::json::object();
    for (const char* name : {"hyperband", "bohbhyperband"}) {
        EXPECT_THROW(static_cast<void>(make_scheduler(name, {.parameters = none, .can_pause = false})), InputError);
    }
}

TEST(HyperBand, RefusesUnknownParameters) {
    EXPECT_THROW((SchedulerDriver{"hyperband", {{"grace_period", 1}}, 0}), InputError);
    EXPECT_THROW((SchedulerDriver{"hyperband", {{"reduction_factor", 1}}, 0}), InputError);
}

}  // namespace
}  // namespace hpogrid::schedulers
