#include "tests/unit/study/study_driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// The driver's clock goes on by a second with each start, report and end.

namespace hpogrid::study {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Trials are judged at iterations 1, 2, 4 and 8.
const nlohmann::json halving{{"max_t", 8}, {"reduction_factor", 2}};

void set_deadline(StudyDriver& driver, double seconds_from_now) {
    driver.apply(DeadlineSet{driver.time + seconds_from_now, driver.time});
}

void tell_time(StudyDriver& driver) {
    driver.apply(TimePassed{driver.time});
}

/// One worker has completed trial 0, in four reports and 5 s, before trial 1 is suggested.
StudyDriver after_a_whole_trial() {
    StudyDriver driver{minimise_loss(10)};
    driver.join(1);
    driver.suggest();
    driver.start(0, 1);
    for (double iteration = 1; iteration <= 4; ++iteration) {
        driver.report(0, 1.0, iteration);
    }
    driver.end(0);
    return driver;
}

void save(StudyDriver& driver, std::uint32_t trial, double iteration, std::uint32_t number) {
    driver.apply(CheckpointSaved{{TrialId{trial}, 1, number, iteration, 10}});
}

TEST(Deadline, NoTrialIsStartedThatIsNotExpectedToEndBefore) {
    for (const double left : {4.9, 5.1}) {
        StudyDriver driver = after_a_whole_trial();
        set_deadline(driver, left);
        driver.suggest();
        EXPECT_EQ(driver.all<StartTrial>().size(), left > 5.0 ? 1U : 0U);
        EXPECT_EQ(driver.study.out_of_time(), left < 5.0);
        EXPECT_THAT(driver.all<AskOptimizer>(), IsEmpty()) << "there would be no time for more of them";
    }
}

TEST(Deadline, ATrialWithRungsIsStartedWhenThereIsTimeForTheFirst) {
    StudyDriver driver{minimise_loss(10), "asynchyperband", halving};
    driver.join(1);
    driver.suggest();
    driver.start(0, 1);
    driver.report(0, 1.0, 1);
    driver.end(0, Outcome::failed);
    set_deadline(driver, 1.5);
    driver.suggest();
    EXPECT_EQ(driver.all<StartTrial>().size(), 1U) << "it takes a second";
}

TEST(Deadline, ATrialIsSetAsideAtARungWhenThereIsNoTimeForTheNext) {
    StudyDriver driver{minimise_loss(1), "asynchyperband", halving};
    driver.join(1);
    driver.suggest();
    driver.start(0, 1);
    set_deadline(driver, 4.5);
    for (std::uint32_t iteration = 1; iteration <= 2; ++iteration) {
        save(driver, 0, iteration, iteration);
        driver.report(0, 1.0, iteration);
        tell_time(driver);
    }
    EXPECT_EQ(driver.state(0), TrialState::running) << "iterations 3 and 4 take two seconds";
    driver.report(0, 1.0, 3);
    tell_time(driver);
    save(driver, 0, 4, 3);
    driver.report(0, 1.0, 4);
    ASSERT_EQ(driver.all<StopTrial>().size(), 1U) << "iterations 5 to 8 take four seconds";
    EXPECT_THAT(driver.all<ProceedTrial>(), IsEmpty());
    driver.end(0, Outcome::stopped);
    EXPECT_EQ(driver.state(0), TrialState::cancelled);
    EXPECT_FALSE(driver.study.finished());
    EXPECT_TRUE(driver.study.out_of_time());
    driver.apply(StopRequested{StopReason::time_budget, driver.time});
    EXPECT_TRUE(driver.study.finished());

    driver.apply(StudyResumed{driver.time});
    driver.join(1);
    ASSERT_EQ(driver.all<StartTrial>().size(), 1U);
    EXPECT_EQ(driver.all<StartTrial>()[0].checkpoint->iteration, 4.0);
}

TEST(Deadline, ATrialThatCannotSaveItselfGoesOnAtARung) {
    StudyDriver driver{minimise_loss(1), "asynchyperband", halving};
    driver.join(1);
    driver.suggest();
    driver.start(0, 1);
    set_deadline(driver, 1.5);
    driver.report(0, 1.0, 1);
    tell_time(driver);
    driver.report(0, 1.0, 2);
    EXPECT_EQ(driver.all<ProceedTrial>().size(), 1U) << "its reports count, and nothing is gained by ending it";
}

TEST(Deadline, AStudyThatCrashedWhileATrialWasSetAsideGoesOnWithIt) {
    StudyDriver driver{minimise_loss(1), "asynchyperband", halving};
    driver.join(1);
    driver.suggest();
    driver.start(0, 1);
    set_deadline(driver, 0.5);
    save(driver, 0, 1, 1);
    driver.report(0, 1.0, 1);
    ASSERT_EQ(driver.all<StopTrial>().size(), 1U);
    driver.apply(StudyResumed{driver.time});
    driver.join(1);
    EXPECT_EQ(driver.all<StartTrial>().size(), 1U);
}

TEST(Deadline, PausedTrialsThatOnlyLackTimeAreLeftToTheContinuation) {
    StudyDriver driver{minimise_loss(4), "bohbhyperband", {{"max_t", 4}, {"reduction_factor", 2}}};
    driver.join(1);
    driver.suggest(4);
    for (std::uint32_t trial = 0; trial < 4; ++trial) {
        if (trial == 3) {
            set_deadline(driver, 2.5);
        }
        driver.start(trial, 1);
        save(driver, trial, 1, 1);
        driver.report(trial, trial, 1);
        tell_time(driver);
        driver.end(trial, Outcome::stopped);
        tell_time(driver);
    }
    EXPECT_EQ(driver.study.counts().paused, 2U) << "the better two may go on, and have no time";
    EXPECT_EQ(driver.study.counts().stopped, 2U);
    EXPECT_TRUE(driver.study.out_of_time());
    EXPECT_EQ(driver.trial(0).last_metrics[0], 0.0) << "what it reported stays";
}

TEST(Deadline, RunningTrialsThatWillNotMakeItAreNamedInTimeForTheirNextReport) {
    StudyDriver driver = after_a_whole_trial();
    set_deadline(driver, 4.5);
    driver.suggest();
    driver.start(1, 1);
    driver.report(1, 1.0, 1);
    // Expected to end two seconds after the deadline; a report comes every second.
    const double deadline = driver.time + 2.5;
    EXPECT_THAT(driver.study.running_out_of_time(deadline - 1.3, 0.0), IsEmpty());
    EXPECT_THAT(driver.study.running_out_of_time(deadline - 1.2, 0.0), ElementsAre(TrialId{1}));
    EXPECT_THAT(driver.study.running_out_of_time(deadline - 2.0, 2.0), ElementsAre(TrialId{1}));
}

TEST(Deadline, RunningTrialsThatWillMakeItAreLeftAlone) {
    StudyDriver driver = after_a_whole_trial();
    set_deadline(driver, 10.0);
    driver.suggest();
    driver.start(1, 1);
    EXPECT_THAT(driver.study.running_out_of_time(driver.time + 8.9, 5.0), IsEmpty());
}

TEST(Deadline, IsOverWhenTheStudyIsResumed) {
    StudyDriver driver = after_a_whole_trial();
    set_deadline(driver, 1.0);
    driver.suggest();
    EXPECT_TRUE(driver.study.out_of_time());
    driver.apply(StudyResumed{driver.time});
    driver.join(1);
    EXPECT_EQ(driver.all<StartTrial>().size(), 1U);
}

}  // namespace
}  // namespace hpogrid::study
