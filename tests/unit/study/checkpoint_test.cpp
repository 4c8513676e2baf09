#include "tests/unit/study/study_driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace hpogrid::study {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// One worker that runs trial 0.
StudyDriver running(Settings settings) {
    StudyDriver driver{std::move(settings)};
    driver.join(1);
    driver.suggest();
    driver.start(0, 1);
    return driver;
}

void save(StudyDriver& driver, std::uint32_t trial, std::uint32_t number, std::uint32_t attempt = 1,
          std::uint64_t bytes = 10) {
    driver.apply(CheckpointSaved{Checkpoint{TrialId{trial}, attempt, number, static_cast<double>(number), bytes}});
}

std::vector<std::string> removed(const StudyDriver& driver) {
    std::vector<std::string> names;
    for (const RemoveCheckpoint& removal : driver.all<RemoveCheckpoint>()) {
        names.push_back(folder_name(removal.checkpoint));
    }
    return names;
}

std::vector<std::string> kept(const StudyDriver& driver) {
    std::vector<std::string> names;
    for (const Checkpoint& checkpoint : driver.study.checkpoints().all()) {
        names.push_back(folder_name(checkpoint));
    }
    return names;
}

TEST(Checkpoints, ALostTrialGoesOnFromItsLastOne) {
    StudyDriver driver = running(minimise_loss(1));
    save(driver, 0, 1);
    driver.report(0, 4.0, 1);
    save(driver, 0, 2);
    driver.report(0, 3.0, 2);
    EXPECT_THAT(removed(driver), ElementsAre("000000_1_1"));
    driver.report(0, 2.0, 3);
    driver.lose(1);
    driver.join(2);
    ASSERT_EQ(driver.all<StartTrial>().size(), 1U);
    const StartTrial start = driver.all<StartTrial>()[0];
    ASSERT_TRUE(start.checkpoint);
    EXPECT_EQ(folder_name(*start.checkpoint), "000000_1_2");
    EXPECT_EQ(driver.trial(0).iterations, 2.0);
    EXPECT_EQ(driver.trial(0).best_metrics[0], 2.0) << "what it has reported counts";
}

TEST(Checkpoints, OneWhoseReportNeverCameIsNotWhereATrialGoesOn) {
    StudyDriver driver = running(minimise_loss(1));
    save(driver, 0, 1);
    driver.report(0, 4.0, 1);
    save(driver, 0, 2);
    EXPECT_THAT(kept(driver), ElementsAre("000000_1_1", "000000_1_2"));
    driver.report(0, 4.0, 1);
    EXPECT_EQ(folder_name(driver.study.checkpoint(driver.trial(0)).value()), "000000_1_1") << "a report told twice";
    driver.lose(1);
    EXPECT_THAT(removed(driver), ElementsAre("000000_1_2"));
    driver.join(2);
    ASSERT_EQ(driver.all<StartTrial>().size(), 1U);
    EXPECT_EQ(folder_name(driver.all<StartTrial>()[0].checkpoint.value()), "000000_1_1");
    EXPECT_EQ(driver.trial(0).iterations, 1.0);
}

TEST(Checkpoints, OneWhoseReportNeverCameIsNotKeptOfAnEndedTrial) {
    StudyDriver driver = running(minimise_loss(1));
    save(driver, 0, 1);
    driver.report(0, 4.0, 1);
    save(driver, 0, 2);
    driver.end(0);
    EXPECT_THAT(kept(driver), ElementsAre("000000_1_1"));
}

TEST(Checkpoints, AFailedTrialIsTriedAgainFromItsLastOne) {
    Settings settings = minimise_loss(1);
    settings.retries = 1;
    StudyDriver driver = running(settings);
    save(driver, 0, 1);
    driver.report(0, 4.0, 1);
    driver.end(0, Outcome::failed);
    ASSERT_EQ(driver.all<StartTrial>().size(), 1U);
    EXPECT_TRUE(driver.all<StartTrial>()[0].checkpoint);
    driver.start(0, 1, 2);
    driver.end(0, Outcome::failed, 2);
    EXPECT_THAT(removed(driver), ElementsAre("000000_1_1")) << "nobody needs it any more";
}

TEST(Checkpoints, OfAGivenUpAttemptAreRemoved) {
    StudyDriver driver = running(minimise_loss(1));
    driver.lose(1);
    save(driver, 0, 1, 1);
    EXPECT_THAT(removed(driver), ElementsAre("000000_1_1"));
    EXPECT_THAT(kept(driver), IsEmpty());
}

TEST(Checkpoints, ToldTwiceOrLateChangeNothing) {
    StudyDriver driver = running(minimise_loss(1));
    save(driver, 0, 1);
    save(driver, 0, 1);
    EXPECT_THAT(removed(driver), IsEmpty());
    save(driver, 0, 2);
    save(driver, 0, 1);
    EXPECT_THAT(kept(driver), ElementsAre("000000_1_2"));
}

TEST(Checkpoints, OfTheBestTrialsAreKept) {
    Settings settings = minimise_loss(3);
    settings.checkpoints.count = 2;
    StudyDriver driver{settings};
    driver.join(1, 3);
    driver.suggest(3);
    for (const auto& [trial, loss] : {std::pair{0U, 2.0}, {1U, 1.0}, {2U, 3.0}}) {
        driver.start(trial, 1);
        save(driver, trial, 1);
        driver.report(trial, loss);
        driver.end(trial);
    }
    EXPECT_THAT(kept(driver), ElementsAre("000000_1_1", "000001_1_1"));
    EXPECT_FALSE(driver.study.checkpoint(driver.trial(2)));
}

TEST(Checkpoints, OfTheBestTrialIsKeptHoweverLargeItIs) {
    Settings settings = minimise_loss(2);
    settings.checkpoints = {.count = 5, .bytes = 15};
    StudyDriver driver{settings};
    driver.join(1, 2);
    driver.suggest(2);
    for (const auto& [trial, loss] : {std::pair{0U, 2.0}, {1U, 1.0}}) {
        driver.start(trial, 1);
        save(driver, trial, 1, 1, 1000);
        driver.report(trial, loss);
        driver.end(trial);
    }
    EXPECT_THAT(kept(driver), ElementsAre("000001_1_1"));
    EXPECT_EQ(driver.study.checkpoints().bytes(), 1000U);
}

TEST(Checkpoints, OneThatIsNotThereMeansToStartFromZero) {
    StudyDriver driver = running(minimise_loss(1));
    save(driver, 0, 1);
    driver.report(0, 1.0);
    driver.lose(1);
    driver.join(1);
    driver.apply(CheckpointLost{TrialId{0}, 2, "no such folder"});
    ASSERT_EQ(driver.all<StartTrial>().size(), 1U);
    EXPECT_EQ(driver.all<StartTrial>()[0].attempt, 3U);
    EXPECT_FALSE(driver.all<StartTrial>()[0].checkpoint);
    EXPECT_TRUE(driver.trial(0).best_metrics.empty());
}

TEST(Checkpoints, AreWhereAResumedStudyGoesOn) {
    StudyDriver driver = running(minimise_loss(1));
    save(driver, 0, 1);
    driver.report(0, 1.0);
    driver.apply(StopRequested{StopReason::signal, driver.time});
    driver.end(0, Outcome::cancelled);
    EXPECT_THAT(kept(driver), ElementsAre("000000_1_1"));
    driver.apply(StudyResumed{driver.time});
    driver.join(1);
    ASSERT_EQ(driver.all<StartTrial>().size(), 1U);
    EXPECT_TRUE(driver.all<StartTrial>()[0].checkpoint);
}

// Pausing, with bohbhyperband: four trials to milestone 1, two to 2, one to 4.

StudyDriver four_trials_on_one_worker() {
    StudyDriver driver{minimise_loss(4), "bohbhyperband", {{"max_t", 4}, {"reduction_factor", 2}}};
    driver.join(1);
    return driver;
}

void run_to_pause(StudyDriver& driver, std::uint32_t trial, double loss) {
    driver.suggest();
    driver.start(trial, 1);
    save(driver, trial, 1);
    driver.report(trial, loss, 1);
    driver.end(trial, Outcome::stopped);
}

TEST(Pausing, GivesThePlaceToTheNextTrial) {
    StudyDriver driver = four_trials_on_one_worker();
    driver.suggest();
    EXPECT_EQ(driver.all<StartTrial>().at(0).milestone, 1.0);
    driver.start(0, 1);
    save(driver, 0, 1);
    driver.report(0, 1.0, 1);
    EXPECT_EQ(driver.all<StopTrial>().size(), 1U);
    driver.end(0, Outcome::failed);
    EXPECT_EQ(driver.state(0), TrialState::paused) << "how it leaves its place says nothing";
    EXPECT_EQ(driver.trial(0).attempt, 2U);
    EXPECT_THAT(removed(driver), IsEmpty());
}

TEST(Pausing, AnswersTheLastTrialOfTheBracketWhereItWaits) {
    StudyDriver driver = four_trials_on_one_worker();
    for (const std::uint32_t trial : {0U, 1U, 2U}) {
        run_to_pause(driver, trial, 10.0 + trial);
    }
    driver.suggest();
    driver.start(3, 1);
    save(driver, 3, 1);
    driver.report(3, 1.0, 1);
    ASSERT_EQ(driver.all<ProceedTrial>().size(), 1U);
    EXPECT_EQ(driver.all<ProceedTrial>()[0].milestone, 2.0);
    EXPECT_EQ(driver.state(1), TrialState::stopped);
    EXPECT_EQ(driver.state(2), TrialState::stopped);
    EXPECT_EQ(driver.state(0), TrialState::paused) << "its turn comes when the place is free";
    driver.report(3, 0.5, 2);
    driver.end(3, Outcome::stopped);
    ASSERT_EQ(driver.all<StartTrial>().size(), 1U);
    EXPECT_EQ(driver.all<StartTrial>()[0].trial, TrialId{0});
    EXPECT_EQ(folder_name(driver.all<StartTrial>()[0].checkpoint.value()), "000000_1_1");
}

TEST(Pausing, SendsNoNewTrialAheadIntoThePlaceOfOneThatMayGoOn) {
    Settings settings = minimise_loss(100);
    settings.lookahead = 100;
    StudyDriver driver{settings, "bohbhyperband", {{"max_t", 4}, {"reduction_factor", 2}}};
    driver.join(1);
    driver.suggest(20);
    for (const std::uint32_t trial : {0U, 1U, 2U, 3U}) {
        EXPECT_EQ(driver.study.workers()[0].assigned.size(), 1U) << "when trial " << trial << " is to start";
        driver.start(trial, 1);
        save(driver, trial, 1);
        driver.report(trial, 10.0 + trial, 1);
        driver.end(trial, Outcome::stopped);
    }
    ASSERT_FALSE(driver.all<StartTrial>().empty());
    EXPECT_EQ(driver.all<StartTrial>()[0].trial, TrialId{0}) << "of the first bracket, not of the next";
}

TEST(Pausing, OutlivesAStopAndAResume) {
    StudyDriver driver = four_trials_on_one_worker();
    run_to_pause(driver, 0, 1.0);
    driver.apply(StopRequested{StopReason::time_budget, driver.time});
    EXPECT_TRUE(driver.study.finished());
    EXPECT_EQ(driver.state(0), TrialState::paused);
    driver.apply(StudyResumed{driver.time});
    EXPECT_FALSE(driver.study.finished());
    EXPECT_EQ(driver.state(0), TrialState::paused);
}

TEST(Pausing, IsNotForATrialThatHasComeToItsEnd) {
    StudyDriver driver = four_trials_on_one_worker();
    driver.suggest();
    driver.start(0, 1);
    driver.report(0, 1.0, 1);
    ASSERT_EQ(driver.all<StopTrial>().size(), 1U);
    driver.end(0, Outcome::completed);
    EXPECT_EQ(driver.state(0), TrialState::completed) << "there is nothing left to go on with";
}

TEST(Pausing, LeavesTheBestTrialOfAStudyThatIsStoppedAsItsResult) {
    StudyDriver driver = four_trials_on_one_worker();
    run_to_pause(driver, 0, 1.0);
    run_to_pause(driver, 1, 0.5);
    EXPECT_EQ(driver.study.best(), std::nullopt) << "they may do worse yet";
    driver.apply(StopRequested{StopReason::time_budget, driver.time});
    EXPECT_EQ(driver.study.best(), TrialId{1});
    driver.apply(StudyResumed{driver.time});
    EXPECT_EQ(driver.study.best(), std::nullopt);
}

TEST(Pausing, HappensAlsoWhenTheWorkerDiesBeforeItSaysSo) {
    StudyDriver driver = four_trials_on_one_worker();
    driver.suggest();
    driver.start(0, 1);
    save(driver, 0, 1);
    driver.report(0, 1.0, 1);
    driver.lose(1);
    EXPECT_EQ(driver.state(0), TrialState::paused);
    EXPECT_EQ(driver.trial(0).losses, 0U);
}

TEST(Pausing, WithoutACheckpointMeansToStartFromZero) {
    StudyDriver driver = four_trials_on_one_worker();
    driver.suggest();
    driver.start(0, 1);
    driver.report(0, 1.0, 1);
    driver.end(0, Outcome::stopped);
    driver.apply(SuggestionsExhausted{});
    ASSERT_EQ(driver.all<StartTrial>().size(), 1U) << "no other trial will come";
    EXPECT_FALSE(driver.all<StartTrial>()[0].checkpoint);
    EXPECT_EQ(driver.trial(0).iterations, 0.0);
}

TEST(Pausing, EndsATrialThatLosesWithoutAFiniteScoreAsFailed) {
    StudyDriver driver = four_trials_on_one_worker();
    run_to_pause(driver, 0, std::numeric_limits<double>::quiet_NaN());
    for (const std::uint32_t trial : {1U, 2U, 3U}) {
        run_to_pause(driver, trial, trial);
    }
    EXPECT_EQ(driver.state(0), TrialState::failed);
    EXPECT_EQ(driver.state(3), TrialState::stopped);
}

TEST(Pausing, BelievesAStartThatAnotherPlanHadDecidedOn) {
    StudyDriver driver = four_trials_on_one_worker();
    run_to_pause(driver, 0, 1.0);
    driver.start(0, 1, 2);
    EXPECT_EQ(driver.state(0), TrialState::running);
    driver.report(0, 0.5, 2, 2);
    EXPECT_EQ(driver.trial(0).iterations, 2.0);
}

TEST(Checkpoints, HaveNamesThatNothingElseHas) {
    EXPECT_TRUE(is_checkpoint_name(folder_name({TrialId{7}, 1, 3, 0.0, 0})));
    EXPECT_TRUE(is_checkpoint_name(folder_name({TrialId{12'345'678}, 10, 30, 0.0, 0})));
    EXPECT_TRUE(is_checkpoint_name("000007_1_3.unfinished"));
    for (const char* name :
         {"", "000007", "000007_1", "7_1_3", "000007_1_", "000007_1_3x", "000007_1_3_4", "model.pt"}) {
        EXPECT_FALSE(is_checkpoint_name(name)) << name;
    }
}

TEST(StudyPlanned, ChangesTheNumberOfTrialsFromThenOn) {
    StudyDriver driver{minimise_loss(1)};
    driver.join(1);
    driver.suggest(2);
    EXPECT_EQ(driver.study.trials().size(), 1U);
    driver.apply(StudyPlanned{3});
    EXPECT_EQ(driver.study.settings().num_trials, 3U);
    driver.suggest(3);
    EXPECT_EQ(driver.study.trials().size(), 3U);
}

}  // namespace
}  // namespace hpogrid::study
