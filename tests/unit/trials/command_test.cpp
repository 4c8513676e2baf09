#include "engine/core/error.hpp"
#include "engine/trials/command/command_evaluator.hpp"
#include "tests/unit/trials/evaluator_driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>

namespace hpogrid::trials::test {
namespace {

using std::chrono::milliseconds;
using study::Outcome;
using ::testing::HasSubstr;

class CommandTest : public ::testing::Test {
  protected:
    void TearDown() override { EXPECT_TRUE(nothing_is_left()); }

    static Command command(std::vector<std::string> arguments) {
        return {MISBEHAVING_PROGRAM, std::move(arguments), "", {"deed", "text", "lr"}};
    }
    /// Runs one trial to its end.
    AttemptEnded run(const Command& what, const std::string& configuration = "{}") {
        Driver driver{make_command_evaluator(what, surroundings)};
        driver.evaluator().start(order(7, configuration));
        driver.run_until_ended(1);
        reported = driver.reported;
        return driver.ended.empty() ? AttemptEnded{} : driver.ended.front();
    }

    TemporaryFolder folder;
    Surroundings surroundings = surroundings_in(folder.path());
    std::vector<AttemptReported> reported;
};

TEST_F(CommandTest, ReportsEachJsonLineOfStandardOutputAndLogsEverything) {
    const AttemptEnded end = run(command({"epochs"}));

    EXPECT_EQ(end.outcome, Outcome::completed);
    EXPECT_EQ(end.error, "");
    ASSERT_EQ(reported.size(), 3U);
    EXPECT_EQ(metric(reported[2], "loss"), 0.333333);
    EXPECT_EQ(metric(reported[2], "training_iteration"), 3.0);
    EXPECT_EQ(reported[2].report.iteration, 3.0);
    EXPECT_GE(metric(reported[2], "time_total_s"), 0.0);
    EXPECT_EQ(end.log, (folder.path() / "trials/000007/log.txt").string());
    EXPECT_THAT(read_text(end.log), HasSubstr("epoch 2\n{\"loss\": 0.5, \"epoch\": 2}\n"));
}

TEST_F(CommandTest, FillsPlaceholdersWithoutAShell) {
    const AttemptEnded end =
        run(command({"{deed}", "{{\"loss\": {lr}, \"note; rm -rf $(x)\": 1}}"}), R"({"deed":"say","lr":0.25})");

    EXPECT_EQ(end.outcome, Outcome::completed);
    ASSERT_EQ(reported.size(), 1U);
    EXPECT_EQ(metric(reported[0], "loss"), 0.25);
}

TEST_F(CommandTest, UnknownPlaceholderIsRefusedAtOnce) {
    try {
        [[maybe_unused]] const auto made = make_command_evaluator(command({"--rate={lrr}"}), surroundings);
        FAIL() << "accepted";
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(), HasSubstr("{lrr}"));
        EXPECT_THAT(error.what(), HasSubstr("did you mean 'lr'?"));
    }
    EXPECT_THROW(make_command_evaluator(command({"--rate={lr"}), surroundings), InputError);
    EXPECT_THROW(make_command_evaluator(command({"--rate=lr}"}), surroundings), InputError);
}

TEST_F(CommandTest, MissingProgramIsRefusedAtOnce) {
    EXPECT_THROW(make_command_evaluator({"/no/such/program", {}, "", {}}, surroundings), InputError);
    EXPECT_THROW(make_command_evaluator({"no-such-program-anywhere", {}, "", {}}, surroundings), InputError);
}

TEST_F(CommandTest, NonZeroExitFailsTheTrialAndQuotesItsLog) {
    const AttemptEnded end = run(command({"exit3"}));

    EXPECT_EQ(end.outcome, Outcome::failed);
    EXPECT_THAT(end.error, HasSubstr("exited with code 3"));
    EXPECT_THAT(end.error, HasSubstr("this is why"));
}

TEST_F(CommandTest, CrashNamesItsSignal) {
    const AttemptEnded end = run(command({"crash"}));

    EXPECT_EQ(end.outcome, Outcome::failed);
    EXPECT_THAT(end.error, HasSubstr("killed by SIGSEGV (segmentation fault)"));
    EXPECT_THAT(end.error, HasSubstr("about to crash"));
}

TEST_F(CommandTest, ExitWithoutAMetricFails) {
    const AttemptEnded end = run(command({"nothing"}));

    EXPECT_EQ(end.outcome, Outcome::failed);
    EXPECT_THAT(end.error, HasSubstr("without reporting a metric"));
    EXPECT_EQ(end.log, "") << "nothing was printed";
}

TEST_F(CommandTest, NanAndInfinityAreReportedButAreNoScore) {
    const AttemptEnded end = run(command({"say", R"({{"loss": NaN, "gradient": -Infinity, "accuracy": 0.5}})"}));

    ASSERT_EQ(reported.size(), 1U);
    EXPECT_TRUE(std::isnan(metric(reported[0], "loss")));
    EXPECT_EQ(metric(reported[0], "gradient"), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(end.outcome, Outcome::failed);
    EXPECT_THAT(end.error, HasSubstr("'loss' was nan"));
}

TEST_F(CommandTest, TextAsObjectiveFailsAndSaysWhatItWas) {
    const AttemptEnded end = run(command({"say", R"({{"loss": "abc"}})"}));

    EXPECT_EQ(end.outcome, Outcome::failed);
    EXPECT_THAT(end.error, HasSubstr("'loss' was reported as \"abc\" (string)"));
}

TEST_F(CommandTest, ReportsWithoutTheObjectiveFailAndSayWhatWasReported) {
    const AttemptEnded end = run(command({"say", R"({{"accuracy": 0.5}})"}));

    EXPECT_EQ(end.outcome, Outcome::failed);
    EXPECT_THAT(end.error, HasSubstr("never reported 'loss', reported: accuracy"));
}

TEST_F(CommandTest, ResultFileIsTheLastReport) {
    Command what = command({"result", R"({{"loss": 0.125}})"});
    what.result_file = "result.json";

    const AttemptEnded end = run(what);

    EXPECT_EQ(end.outcome, Outcome::completed) << end.error;
    ASSERT_EQ(reported.size(), 1U);
    EXPECT_EQ(metric(reported[0], "loss"), 0.125);
}

TEST_F(CommandTest, MissingOrBrokenResultFileFailsEvenAfterAnAttemptThatWroteOne) {
    Command good = command({"result", R"({{"loss": 0.125}})"});
    good.result_file = "result.json";
    run(good);
    Command missing = command({"epochs"});
    missing.result_file = "result.json";
    Command broken = command({"result", "loss 0.1"});
    broken.result_file = "result.json";

    const AttemptEnded after_missing = run(missing);
    const AttemptEnded after_broken = run(broken);

    EXPECT_EQ(after_missing.outcome, Outcome::failed);
    EXPECT_THAT(after_missing.error, HasSubstr("without writing its result file"));
    EXPECT_EQ(after_broken.outcome, Outcome::failed);
    EXPECT_THAT(after_broken.error, HasSubstr("holds no JSON object"));
}

TEST_F(CommandTest, HangingTrialEndsAtItsWallLimit) {
    surroundings.limits.wall = milliseconds{300};

    const AttemptEnded end = run(command({"hang"}));

    EXPECT_EQ(end.outcome, Outcome::timeout);
    EXPECT_THAT(end.error, HasSubstr("ran longer than 0.3 s"));
}

TEST_F(CommandTest, TrialThatIgnoresSigtermIsKilled) {
    surroundings.limits.wall = milliseconds{300};

    EXPECT_EQ(run(command({"stubborn"})).outcome, Outcome::timeout);
}

TEST_F(CommandTest, SilenceLimitEndsTheSilentAndSparesTheTalkative) {
    surroundings.limits.silence = milliseconds{400};
    surroundings.limits.wall = milliseconds{1200};

    const AttemptEnded silent = run(command({"hang"}));
    const AttemptEnded talkative = run(command({"talk"}));

    EXPECT_THAT(silent.error, HasSubstr("silence timeout"));
    EXPECT_THAT(talkative.error, HasSubstr("trial timeout"));
}

TEST_F(CommandTest, LeavesNoGrandchildren) {
    const AttemptEnded end = run(command({"children"}));

    EXPECT_EQ(end.outcome, Outcome::completed) << end.error;
}

TEST_F(CommandTest, GrandchildrenEndWithTheirTrialWhileAnotherRuns) {
    surroundings.slots = 2;
    Driver driver{make_command_evaluator(command({"{deed}"}), surroundings)};
    driver.evaluator().start(order(0, R"({"deed":"hang"})"));
    driver.run_until_reported(1);

    driver.evaluator().start(order(1, R"({"deed":"children"})"));
    driver.run_until_ended(1);

    EXPECT_EQ(driver.ended[0].trial, TrialId{1});
    const std::vector<int> left = leftover_processes();
    EXPECT_EQ(std::set<int>(left.begin(), left.end()).size(), 1U) << "only the trial that still runs";
}

TEST_F(CommandTest, OneGigabyteOfOutputCostsNeitherDiskNorMemory) {
    surroundings.log_limit = 1U << 20;
    rusage before{};
    ::getrusage(RUSAGE_SELF, &before);

    const AttemptEnded end = run(command({"print", "1000000000"}));

    rusage after{};
    ::getrusage(RUSAGE_SELF, &after);
    EXPECT_EQ(end.outcome, Outcome::completed) << end.error;
    EXPECT_LE(std::filesystem::file_size(end.log), surroundings.log_limit);
    EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 32 * 1024) << "KiB";
    const std::string log = read_text(end.log);
    EXPECT_TRUE(log.starts_with("first line\n"));
    EXPECT_TRUE(log.ends_with("\nlast line\n"));
    EXPECT_THAT(log, HasSubstr("bytes of output cut here"));
}

TEST_F(CommandTest, RunningOutOfMemoryIsToldFromOtherFailures) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "the sanitizer itself dies of a limited address space";
#endif
    const AttemptEnded end = run(command({"allocate"}));

    EXPECT_EQ(end.outcome, Outcome::oom);
    EXPECT_THAT(end.error, HasSubstr("bad_alloc"));
}

TEST_F(CommandTest, TrialSeesItsSurroundingsAndNothingOfMpi) {
    ::setenv("OMPI_COMM_WORLD_RANK", "3", 1);
    ::setenv("PMIX_RANK", "3", 1);
    ::setenv("SLURM_PROCID", "3", 1);
    ::setenv("SLURM_JOB_ID", "1234", 1);
    surroundings.gpus_of_slot = {"GPU-1234"};
    surroundings.threads = 3;

    const AttemptEnded end = run(command({"show"}), R"({"lr":0.1})");

    const std::string log = read_text(end.log);
    for (const char* line :
         {"OMPI_COMM_WORLD_RANK=(unset)\n", "PMIX_RANK=(unset)\n", "SLURM_PROCID=(unset)\n", "SLURM_JOB_ID=1234\n",
          "CUDA_VISIBLE_DEVICES=GPU-1234\n", "OMP_NUM_THREADS=3\n", "HPOGRID_TRIAL_ID=7\n", "HPOGRID_ATTEMPT=1\n",
          "HPOGRID_SEED=42\n", "configuration {\"lr\":0.1}\n"}) {
        EXPECT_THAT(log, HasSubstr(line));
    }
    EXPECT_THAT(log, HasSubstr("HPOGRID_TRIAL_DIR=" + (folder.path() / "trials/000007").string() + "\n"));
    EXPECT_THAT(log, HasSubstr("HPOGRID_DATA_DIR=" + (folder.path() / "data").string() + "\n"));
}

TEST_F(CommandTest, StoppedWhileItWaits) {
    Driver driver{make_command_evaluator(command({"{deed}"}), surroundings)};
    driver.evaluator().start(order(0, R"({"deed":"sleep"})"));
    driver.evaluator().start(order(1, R"({"deed":"sleep"})"));

    driver.evaluator().stop({1}, 1, StopCause::cancelled);
    driver.run_until_ended(2);

    EXPECT_EQ(driver.started.size(), 1U);
    EXPECT_EQ(driver.ended[0].trial, TrialId{1});
    EXPECT_EQ(driver.ended[0].outcome, Outcome::cancelled);
    EXPECT_EQ(driver.ended[1].outcome, Outcome::completed);
}

TEST_F(CommandTest, StoppedWhileItRuns) {
    Driver driver{make_command_evaluator(command({"{deed}"}), surroundings)};
    driver.evaluator().start(order(0, R"({"deed":"stubborn"})"));
    driver.run_until_reported(1);

    driver.evaluator().stop({0}, 1, StopCause::stopped);
    driver.run_until_ended(1);
    driver.evaluator().stop({0}, 1, StopCause::stopped);
    driver.run_for(milliseconds{50});

    EXPECT_EQ(driver.ended.size(), 1U) << "a second stop has no effect";
    EXPECT_EQ(driver.ended[0].outcome, Outcome::stopped);
    EXPECT_EQ(driver.ended[0].error, "");
}

TEST_F(CommandTest, ManySlotsRunAtOnce) {
    surroundings.slots = 8;
    Driver driver{make_command_evaluator(command({"sleep"}), surroundings)};
    for (std::uint32_t trial = 0; trial < 24; ++trial) {
        driver.evaluator().start(order(trial));
    }

    driver.run_until_ended(24);

    std::set<std::uint32_t> slots;
    for (const AttemptStarted& start : driver.started) {
        slots.insert(start.slot.value);
    }
    EXPECT_EQ(slots.size(), 8U);
    EXPECT_EQ(driver.started.size(), 24U);
    for (const AttemptEnded& end : driver.ended) {
        EXPECT_EQ(end.outcome, Outcome::completed) << end.error;
    }
}

TEST_F(CommandTest, EndedWithItsJobItIsCancelled) {
    Driver driver{make_command_evaluator(command({"{deed}"}), surroundings)};
    driver.evaluator().start(order(0, R"({"deed":"hang"})"));
    driver.run_until_reported(1);

    driver.end_job(1);

    EXPECT_EQ(driver.ended[0].outcome, Outcome::cancelled) << driver.ended[0].error;
}

TEST_F(CommandTest, DestructionKillsWhatRuns) {
    surroundings.slots = 2;
    Driver driver{make_command_evaluator(command({"{deed}"}), surroundings)};
    driver.evaluator().start(order(0, R"({"deed":"stubborn"})"));
    driver.evaluator().start(order(1, R"({"deed":"stubborn"})"));
    driver.run_until_reported(2);

    driver.destroy_evaluator();

    EXPECT_TRUE(leftover_processes().empty());
}

TEST_F(CommandTest, UnwritableFolderFailsTheTrialOnly) {
    surroundings.trials_folder = "/proc/no/such/folder";

    const AttemptEnded end = run(command({"epochs"}));

    EXPECT_EQ(end.outcome, Outcome::failed);
    EXPECT_THAT(end.error, HasSubstr("cannot make folder"));
}

}  // namespace
}  // namespace hpogrid::trials::test
