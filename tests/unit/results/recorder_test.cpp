#include "engine/results/recorder.hpp"

#include "engine/results/table.hpp"
#include "engine/space/space.hpp"
#include "tests/unit/results/recorded_study.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace hpogrid::results {
namespace {

using ::testing::ElementsAre;
using Numbers = std::vector<double>;
using Integers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

template <class Data>
Data column(const Table& table, const char* name) {
    const Column* found = find_column(table, name);
    if (found == nullptr) {
        ADD_FAILURE() << "no column " << name;
        return {};
    }
    return std::get<Data>(found->data);
}

TEST(Recorder, KeepsTheReportsOfEveryTrialInOrderOfArrival) {
    RecordedStudy run{one_real()};
    run.join(1, 2);
    run.suggest({0.25});
    run.suggest({0.75});
    run.start(0);
    run.start(1);
    run.report(1, {{"loss", 3.0}}, 1);
    run.report(0, {{"loss", 2.0}, {"accuracy", 0.5}}, 1);
    run.report(1, {{"accuracy", 0.7}}, 2);
    const ResultsTables tables = tabulate(run.snapshot());
    EXPECT_THAT(column<Integers>(tables.reports, "trial_id"), ElementsAre(1, 0, 1));
    EXPECT_THAT(column<Numbers>(tables.reports, "iteration"), ElementsAre(1, 1, 2));
    EXPECT_THAT(column<Numbers>(tables.reports, "time"), ElementsAre(1003, 1004, 1005));
    const Numbers loss = column<Numbers>(tables.report_metrics, "loss");
    EXPECT_THAT(Numbers(loss.begin(), loss.begin() + 2), ElementsAre(3.0, 2.0));
    EXPECT_TRUE(std::isnan(loss[2]));
    const Numbers accuracy = column<Numbers>(tables.report_metrics, "accuracy");
    EXPECT_TRUE(std::isnan(accuracy[0]));
    EXPECT_THAT(Numbers(accuracy.begin() + 1, accuracy.end()), ElementsAre(0.5, 0.7));
}

TEST(Recorder, LeavesOutReportsThatTheStudyRefused) {
    RecordedStudy run{one_real()};
    run.join(1);
    run.suggest({0.5});
    run.report(0, {{"loss", 9.0}});
    run.start(0);
    run.report(0, {{"loss", 1.0}});
    run.report(0, {{"loss", 9.0}}, 2, 7);
    run.end(0);
    run.report(0, {{"loss", 9.0}, {"late", 1.0}}, 2);
    run.report(55, {{"loss", 9.0}});
    const ResultsTables tables = tabulate(run.snapshot());
    EXPECT_THAT(column<Numbers>(tables.report_metrics, "loss"), ElementsAre(1.0));
    EXPECT_EQ(find_column(tables.report_metrics, "late"), nullptr);
}

TEST(Recorder, LeavesOutTheReportsOfAttemptsThatWereGivenUp) {
    RecordedStudy run{one_real()};
    run.join(1);
    run.join(2, 1, "node2", "H100 GPU-1");
    run.suggest({0.5});
    run.start(0, 1);
    run.report(0, {{"loss", 5.0}}, 1);
    run.apply(study::WorkerLost{WorkerId{1}, "died", run.time});
    run.start(0, 2, 2);
    run.report(0, {{"loss", 4.0}}, 1, 2);
    run.end(0, study::Outcome::completed, "", 2);
    const ResultsTables tables = tabulate(run.snapshot());
    EXPECT_THAT(column<Numbers>(tables.report_metrics, "loss"), ElementsAre(4.0));
    EXPECT_THAT(column<Integers>(tables.trials, "attempt"), ElementsAre(2));
    EXPECT_THAT(column<Texts>(tables.trials, "host"), ElementsAre("node2"));
    EXPECT_THAT(column<Texts>(tables.trials, "gpu"), ElementsAre("H100 GPU-1"));
}

TEST(Recorder, KeepsTheReportsUpToTheCheckpointThatATrialGoesOnFrom) {
    RecordedStudy run{one_real()};
    run.join(1);
    run.join(2);
    run.suggest({0.5});
    run.start(0, 1);
    run.report(0, {{"loss", 5.0}}, 1);
    run.save(0, 2);
    run.report(0, {{"loss", 4.0}}, 2);
    run.report(0, {{"loss", 9.0}}, 3);
    run.apply(study::WorkerLost{WorkerId{1}, "died", run.time});
    run.start(0, 2, 2);
    run.report(0, {{"loss", 3.0}}, 3, 2);
    const ResultsTables tables = tabulate(run.snapshot());
    EXPECT_THAT(column<Numbers>(tables.reports, "iteration"), ElementsAre(1, 2, 3));
    EXPECT_THAT(column<Numbers>(tables.report_metrics, "loss"), ElementsAre(5.0, 4.0, 3.0));
}

/// Population based training of two trials at the iterations 2 and 4: after it, the second has the weights of the
/// first.
void let_the_second_exploit_the_first(RecordedStudy& run) {
    for (const std::uint32_t trial : {0U, 1U}) {
        run.join(trial + 1);
        run.suggest({0.25 + 0.5 * trial});
        run.start(trial, trial + 1);
    }
    for (const double iteration : {2.0, 4.0}) {
        for (const std::uint32_t trial : {0U, 1U}) {
            if (iteration == 2.0) {
                run.save(trial, iteration);
            }
            run.report(trial, {{"loss", 10.0 * (trial + 1) - iteration}, {"training_iteration", iteration}}, iteration);
        }
    }
    run.end(1, study::Outcome::stopped);
}

TEST(Recorder, KeepsWhatATrialReportedBeforeItExploitedAnotherHoweverOftenItBeginsFromThere) {
    const space::Space space{one_real()};
    const nlohmann::json parameters{{"time_attr", "training_iteration"}, {"perturbation_interval", 2}};
    RecordedStudy run{one_real(),
                      schedulers::make_scheduler("pbt", {.parameters = parameters, .seed = 1, .space = &space}), 2};
    let_the_second_exploit_the_first(run);
    ASSERT_EQ(run.study.checkpoint(run.study.trial(TrialId{1}))->trial, TrialId{0});
    run.start(1, 2, 2);
    run.report(1, {{"loss", 99.0}, {"training_iteration", 3}}, 3, 2);
    run.apply(study::WorkerLost{WorkerId{2}, "died", run.time});
    run.join(2);
    run.start(1, 2, 3);
    run.report(1, {{"loss", 5.0}, {"training_iteration", 3}}, 3, 3);
    const ResultsTables tables = tabulate(run.snapshot());
    EXPECT_THAT(column<Integers>(tables.reports, "trial_id"), ElementsAre(0, 1, 0, 1, 1));
    EXPECT_THAT(column<Numbers>(tables.report_metrics, "loss"), ElementsAre(8.0, 18.0, 6.0, 16.0, 5.0));
}

TEST(Recorder, KnowsWhereATrialRanEvenIfTheRankIsElsewhereNow) {
    RecordedStudy run{one_real()};
    run.join(1, 1, "node1");
    run.evaluate({0.1}, 1.0);
    run.apply(study::StudyResumed{run.time});
    run.join(1, 1, "node7");
    run.evaluate({0.2}, 2.0);
    run.suggest({0.3});
    const ResultsTables tables = tabulate(run.snapshot());
    EXPECT_THAT(column<Texts>(tables.trials, "host"), ElementsAre("node1", "node7", ""));
    EXPECT_THAT(column<Integers>(tables.trials, "worker"), ElementsAre(1, 1, -1));
}

TEST(Recorder, ListsTrialsInTheOrderOfTheirIdsWhateverOrderTheyEndIn) {
    RecordedStudy run{one_real()};
    run.join(1, 3);
    for (const double point : {0.0, 0.1, 0.2}) {
        run.suggest({point});
    }
    for (const std::uint32_t id : {2U, 1U, 0U}) {
        run.start(id);
    }
    run.report(2, {{"loss", 0.0}});
    run.end(2);
    run.end(0, study::Outcome::failed, "ValueError: bad");
    const ResultsTables tables = tabulate(run.snapshot());
    EXPECT_THAT(column<Integers>(tables.trials, "id"), ElementsAre(0, 1, 2));
    EXPECT_THAT(column<Texts>(tables.trials, "state"), ElementsAre("failed", "running", "completed"));
    EXPECT_THAT(column<Numbers>(tables.params, "lr"), ElementsAre(0.0, 0.1, 0.2));
    EXPECT_THAT(column<Texts>(tables.trials, "error"), ElementsAre("ValueError: bad", "", ""));
    EXPECT_THAT(column<Texts>(tables.trials, "log"), ElementsAre("trial.log", "", "trial.log"));
    EXPECT_EQ(tables.best_trial, 2);
}

TEST(Recorder, ShowsTrialsThatAStopCancelledAndThatAResumeBroughtBack) {
    RecordedStudy run{one_real()};
    run.join(1, 2);
    run.suggest({0.5});
    run.suggest({0.6});
    run.start(0);
    run.apply(study::StopRequested{study::StopReason::signal, run.time});
    EXPECT_THAT(column<Texts>(tabulate(run.snapshot()).trials, "state"), ElementsAre("running", "cancelled"));
    run.end(0, study::Outcome::cancelled);
    EXPECT_THAT(column<Texts>(tabulate(run.snapshot()).trials, "state"), ElementsAre("cancelled", "cancelled"));
    run.apply(study::StudyResumed{run.time});
    EXPECT_THAT(column<Texts>(tabulate(run.snapshot()).trials, "state"), ElementsAre("queued", "queued"));
    run.join(1);
    run.start(1);
    run.report(1, {{"loss", 2.0}});
    run.end(1);
    EXPECT_THAT(column<Texts>(tabulate(run.snapshot()).trials, "state").back(), "completed");
}

TEST(Recorder, TakesSnapshotsThatLaterEventsDoNotChange) {
    RecordedStudy run{one_real(), 3000};
    run.join(1);
    run.evaluate({0.5}, 1.0);
    const Snapshot before = run.snapshot();
    for (int i = 0; i < 2000; ++i) {
        run.evaluate({0.25}, 0.5);
    }
    EXPECT_EQ(before.trial_count(), 1U);
    EXPECT_THAT(column<Numbers>(tabulate(before).metrics, "loss"), ElementsAre(1.0));
    EXPECT_EQ(tabulate(before).best_trial, 0);
    EXPECT_EQ(length(tabulate(run.snapshot()).trials[0].data), 2001U);
}

TEST(Recorder, GivesTheSameAfterAReplay) {
    const std::vector<study::Event> events{
        study::WorkerJoined{WorkerId{1}, 1, "node1", "", 1.0},
        study::Suggested{{space::Value{0.5}}, "random"},
        study::TrialStarted{TrialId{0}, 1, WorkerId{1}, SlotId{0}, 2.0},
        study::TrialReported{TrialId{0}, 1, {1.0, 3.0, {{"loss", 1.0}}}},
        study::TrialEnded{TrialId{0}, 1, study::Outcome::completed, "", "", 4.0},
    };
    RecordedStudy once{one_real()};
    RecordedStudy with_snapshots{one_real()};
    for (const study::Event& event : events) {
        once.apply(event);
        with_snapshots.apply(event);
        static_cast<void>(with_snapshots.snapshot());
    }
    const ResultsTables left = tabulate(once.snapshot());
    const ResultsTables right = tabulate(with_snapshots.snapshot());
    EXPECT_EQ(column<Texts>(left.trials, "state"), column<Texts>(right.trials, "state"));
    EXPECT_EQ(column<Numbers>(left.trials, "duration"), Numbers{2.0});
    EXPECT_EQ(column<Numbers>(right.trials, "duration"), Numbers{2.0});
    EXPECT_EQ(column<Numbers>(left.report_metrics, "loss"), column<Numbers>(right.report_metrics, "loss"));
}

}  // namespace
}  // namespace hpogrid::results
