#include "tests/unit/study/study_driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace hpogrid::study {
namespace {

using optimizers::Observation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// One worker that runs trial 0 of `settings`.
StudyDriver running(Settings settings) {
    StudyDriver driver{std::move(settings)};
    driver.join(1);
    driver.suggest();
    driver.start(0, 1);
    return driver;
}

TEST(Study, AsksForAsManySuggestionsAsThereAreSlots) {
    StudyDriver driver{minimise_loss(10)};
    driver.join(1, 3);
    ASSERT_EQ(driver.all<AskOptimizer>().size(), 1U);
    EXPECT_EQ(driver.all<AskOptimizer>()[0].count, 3U);
    driver.join(2, 1);
    EXPECT_EQ(driver.all<AskOptimizer>()[0].count, 1U) << "three are on their way";
}

TEST(Study, NeverAsksForMoreThanItsTrials) {
    StudyDriver driver{minimise_loss(2)};
    driver.join(1, 5);
    EXPECT_EQ(driver.all<AskOptimizer>()[0].count, 2U);
    driver.suggest(3);
    EXPECT_EQ(driver.study.trials().size(), 2U);
}

TEST(Study, SendsATrialToTheLeastBusyWorker) {
    StudyDriver driver{minimise_loss(10)};
    driver.join(1, 2);
    driver.join(2, 4);
    driver.suggest();
    EXPECT_EQ(driver.all<StartTrial>()[0].worker, WorkerId{2});
    EXPECT_THAT(driver.tells(), ElementsAre(Observation::Kind::pending));
    EXPECT_EQ(driver.state(0), TrialState::assigned);
}

TEST(Study, FinishesWhenAllTrialsHaveEnded) {
    StudyDriver driver = running(minimise_loss(1));
    driver.report(0, 0.25);
    EXPECT_THAT(driver.tells(), ElementsAre(Observation::Kind::intermediate));
    driver.end(0);
    EXPECT_EQ(driver.state(0), TrialState::completed);
    EXPECT_EQ(driver.all<FinishStudy>().size(), 1U);
    EXPECT_TRUE(driver.study.finished());
    EXPECT_EQ(driver.study.best(), TrialId{0});
    driver.end(0, Outcome::failed);
    EXPECT_EQ(driver.state(0), TrialState::completed) << "a trial ends once";
}

TEST(Study, TellsTheOptimizerTheBestScoreNegatedWhenItIsMaximised) {
    Settings settings = minimise_loss(1);
    settings.mode = Mode::maximize;
    StudyDriver driver = running(settings);
    driver.report(0, 0.9, 1);
    driver.report(0, 0.7, 2);
    driver.end(0);
    EXPECT_EQ(driver.all<TellOptimizer>().back().observation.score, -0.9);
    EXPECT_EQ(driver.trial(0).best_metrics[0], 0.9);
    EXPECT_EQ(driver.trial(0).last_metrics[0], 0.7);
}

TEST(Study, KeepsAllMetricsOfTheBestReport) {
    StudyDriver driver = running(minimise_loss(1));
    driver.report_metrics(0, {{"loss", 2.0}, {"accuracy", 0.5}}, 1);
    driver.report_metrics(0, {{"loss", 1.0}, {"accuracy", 0.6}}, 2);
    driver.report_metrics(0, {{"loss", 3.0}, {"accuracy", 0.9}}, 3);
    EXPECT_THAT(driver.trial(0).best_metrics, ElementsAre(1.0, 0.6));
    EXPECT_THAT(driver.trial(0).last_metrics, ElementsAre(3.0, 0.9));
    EXPECT_THAT(driver.study.metrics().names(), ElementsAre("loss", "accuracy"));
}

TEST(Study, ALossOfExactlyZeroCounts) {
    StudyDriver driver = running(minimise_loss(1));
    driver.report(0, 0.0);
    driver.end(0);
    EXPECT_EQ(driver.state(0), TrialState::completed);
    EXPECT_EQ(driver.study.objective(driver.trial(0)), 0.0);
}

TEST(Study, FailsATrialWithoutTheMetricAndSaysWhatItReported) {
    StudyDriver driver = running(minimise_loss(1));
    driver.report_metrics(0, {{"accuracy", 0.5}});
    driver.end(0);
    EXPECT_EQ(driver.state(0), TrialState::failed);
    EXPECT_THAT(driver.trial(0).error, HasSubstr("'loss'"));
    EXPECT_THAT(driver.trial(0).error, HasSubstr("accuracy"));
    EXPECT_THAT(driver.tells(), ElementsAre(Observation::Kind::failed));
}

TEST(Study, FailsATrialThatEndsOnANumberThatIsNotFinite) {
    for (const double value : {nan, std::numeric_limits<double>::infinity()}) {
        StudyDriver driver = running(minimise_loss(1));
        driver.report(0, 1.0, 1);
        driver.report(0, value, 2);
        EXPECT_THAT(driver.tells(), IsEmpty());
        driver.end(0);
        EXPECT_EQ(driver.state(0), TrialState::failed);
        EXPECT_EQ(driver.study.best(), std::nullopt);
    }
}

TEST(Study, TriesAFailedTrialAgainFromTheBeginning) {
    Settings settings = minimise_loss(1);
    settings.retries = 1;
    StudyDriver driver = running(settings);
    driver.report(0, 1.0);
    driver.end(0, Outcome::failed, 1, "boom");
    ASSERT_EQ(driver.all<StartTrial>().size(), 1U);
    EXPECT_EQ(driver.all<StartTrial>()[0].attempt, 2U);
    EXPECT_TRUE(driver.trial(0).best_metrics.empty());
    driver.start(0, 1, 2);
    driver.end(0, Outcome::oom, 2);
    EXPECT_EQ(driver.state(0), TrialState::oom);
    EXPECT_TRUE(driver.study.finished());
}

TEST(Study, IgnoresWhatAGivenUpAttemptSays) {
    Settings settings = minimise_loss(1);
    settings.retries = 1;
    StudyDriver driver = running(settings);
    driver.end(0, Outcome::failed);
    driver.start(0, 1, 2);
    driver.report(0, 5.0, 1, 1);
    driver.end(0, Outcome::completed, 1);
    EXPECT_EQ(driver.state(0), TrialState::running);
    EXPECT_TRUE(driver.trial(0).last_metrics.empty());
}

TEST(Study, QueuesTheTrialsOfADeadWorkerAgain) {
    StudyDriver driver = running(minimise_loss(2));
    driver.join(2);
    driver.lose(1);
    ASSERT_EQ(driver.all<StartTrial>().size(), 1U);
    EXPECT_EQ(driver.all<StartTrial>()[0].worker, WorkerId{2});
    EXPECT_EQ(driver.all<StartTrial>()[0].attempt, 2U);
    driver.report(0, 1.0);
    EXPECT_EQ(driver.trial(0).iterations, 0.0) << "a report of the dead";
}

TEST(Study, GivesUpATrialThatKillsItsWorkers) {
    Settings settings = minimise_loss(1);
    settings.loss_retries = 1;
    StudyDriver driver = running(settings);
    driver.lose(1);
    driver.join(1);
    driver.start(0, 1, 2);
    driver.lose(1);
    EXPECT_EQ(driver.state(0), TrialState::lost);
    EXPECT_EQ(driver.trial(0).error, "died");
}

TEST(Study, EndsATrialAsCompletedWhenAStopConditionIsReached) {
    Settings settings = minimise_loss(1);
    settings.stop = StopConditions{{{"training_iteration", 2.0}}};
    StudyDriver driver = running(settings);
    driver.report(0, 1.0, 1);
    EXPECT_THAT(driver.all<StopTrial>(), IsEmpty());
    driver.report(0, 0.5, 2);
    EXPECT_EQ(driver.all<StopTrial>().size(), 1U);
    driver.report(0, 0.1, 3);
    EXPECT_EQ(driver.trial(0).iterations, 2.0) << "what comes after the decision does not count";
    driver.end(0, Outcome::stopped);
    EXPECT_EQ(driver.state(0), TrialState::completed);
    EXPECT_EQ(driver.trial(0).best_metrics[0], 0.5);
}

TEST(Study, EndsATrialAsStoppedWhenTheSchedulerSaysSo) {
    StudyDriver driver{minimise_loss(2), "asynchyperband"};
    driver.join(1, 2);
    driver.suggest(2);
    driver.start(0, 1);
    driver.start(1, 1);
    driver.report(0, 1.0);
    driver.report(1, 2.0);
    ASSERT_EQ(driver.all<StopTrial>().size(), 1U);
    EXPECT_EQ(driver.all<StopTrial>()[0].trial, TrialId{1});
    driver.end(1, Outcome::failed, 1, "killed by SIGTERM");
    EXPECT_EQ(driver.state(1), TrialState::stopped) << "it was told to end";
    EXPECT_EQ(driver.trial(1).error, "");
}

TEST(Study, CancelsWhatHasNotStartedWhenItIsToStop) {
    StudyDriver driver = running(minimise_loss(4));
    driver.suggest(2);
    driver.report(0, 1.0);
    driver.apply(StopRequested{StopReason::signal, driver.time});
    EXPECT_EQ(driver.state(1), TrialState::cancelled);
    EXPECT_FALSE(driver.study.finished()) << "trial 0 still runs";
    driver.end(0);
    EXPECT_EQ(driver.state(0), TrialState::completed);
    EXPECT_TRUE(driver.study.finished());
    driver.start(1, 1);
    EXPECT_EQ(driver.all<StopTrial>().size(), 1U) << "a start that was under way";
    EXPECT_EQ(driver.state(1), TrialState::cancelled);
}

TEST(Study, ResumesWhatHadNotEnded) {
    StudyDriver driver = running(minimise_loss(3));
    driver.suggest();
    driver.apply(StopRequested{StopReason::time_budget, driver.time});
    driver.end(0, Outcome::cancelled);
    ASSERT_TRUE(driver.study.finished());
    driver.apply(StudyResumed{driver.time});
    EXPECT_FALSE(driver.study.finished());
    EXPECT_EQ(driver.state(0), TrialState::queued);
    EXPECT_EQ(driver.trial(0).attempt, 2U) << "it had been started";
    EXPECT_EQ(driver.trial(1).attempt, 1U);
    EXPECT_THAT(driver.tells(), ElementsAre(Observation::Kind::pending, Observation::Kind::pending));
    driver.join(7);
    EXPECT_EQ(driver.all<StartTrial>().size(), 1U);
}

TEST(Study, EndsWhenTheSpaceIsExhausted) {
    StudyDriver driver{minimise_loss(10)};
    driver.join(1);
    driver.apply(SuggestionsExhausted{});
    EXPECT_TRUE(driver.study.finished());
    EXPECT_EQ(driver.study.trials().size(), 0U);
}

TEST(Study, RespectsMaxConcurrent) {
    Settings settings = minimise_loss(10);
    settings.max_concurrent = 2;
    StudyDriver driver{settings};
    driver.join(1, 8);
    EXPECT_EQ(driver.all<AskOptimizer>()[0].count, 2U);
    driver.suggest(4);
    EXPECT_EQ(driver.study.counts().assigned, 2U);
}

TEST(Study, SendsShortTrialsAheadButNotNearTheEnd) {
    Settings settings = minimise_loss(1000);
    settings.lookahead = 100;
    StudyDriver driver{settings};
    driver.join(1);
    driver.suggest(50);
    driver.start(0, 1);
    driver.end(0);
    EXPECT_GT(driver.study.workers()[0].assigned.size(), 1U);

    settings.num_trials = 3;
    StudyDriver last{settings};
    last.join(1);
    last.join(2);
    last.suggest(3);
    EXPECT_EQ(last.study.workers()[0].assigned.size() + last.study.workers()[1].assigned.size(), 2U)
        << "the third waits for whoever is free first";
}

TEST(Study, SendsNothingAheadBeforeATrialHasEndedAsOtherWorkersMayJoinLate) {
    Settings settings = minimise_loss(3);
    settings.lookahead = 100;
    StudyDriver driver{settings};
    driver.join(1);
    driver.suggest(3);
    driver.start(0, 1);
    driver.join(2);
    driver.join(3);
    for (const Worker& worker : driver.study.workers()) {
        EXPECT_EQ(worker.assigned.size() + worker.running.size(), 1U) << "worker " << worker.id.value;
    }
}

TEST(Study, TakesAStartAsAFactWhateverWasPlanned) {
    StudyDriver driver{minimise_loss(4)};
    driver.join(1);
    driver.join(2);
    driver.suggest();
    const WorkerId planned = driver.trial(0).worker;
    const std::uint32_t other = planned == WorkerId{1} ? 2 : 1;
    driver.start(0, other);
    EXPECT_EQ(driver.trial(0).worker, WorkerId{other});
    EXPECT_EQ(driver.state(0), TrialState::running);
    EXPECT_EQ(driver.study.counts().assigned, 0U);
}

TEST(StopConditions, HoldForAnyReportedKey) {
    const StopConditions conditions{{{"training_iteration", 10.0}, {"accuracy", 0.9}}};
    EXPECT_FALSE(conditions.reached_by({1, 0, {{"training_iteration", 9}, {"accuracy", 0.8}}}));
    EXPECT_TRUE(conditions.reached_by({1, 0, {{"training_iteration", 10}}}));
    EXPECT_TRUE(conditions.reached_by({1, 0, {{"accuracy", 0.95}}}));
    EXPECT_FALSE(conditions.reached_by({1, 0, {{"accuracy", nan}}}));
    EXPECT_FALSE(StopConditions{}.reached_by({1, 0, {{"accuracy", 1.0}}}));
}

}  // namespace
}  // namespace hpogrid::study
