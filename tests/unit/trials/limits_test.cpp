#include "engine/trials/attempt_watch.hpp"
#include "engine/trials/oom_counter.hpp"
#include "engine/trials/trial_folder.hpp"
#include "engine/trials/trial_log.hpp"
#include "engine/trials/verdict.hpp"
#include "tests/unit/trials/evaluator_driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <limits>

namespace hpogrid::trials::test {
namespace {

using std::chrono::seconds;
using study::Outcome;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Step = AttemptWatch::Step;

constexpr AttemptWatch::Time start{};

TEST(AttemptWatchTest, WithoutLimitsNothingIsImposed) {
    AttemptWatch watch{{}, start};

    EXPECT_EQ(watch.advance(start + std::chrono::hours{10000}), Step::none);
    EXPECT_FALSE(watch.imposed().has_value());
}

TEST(AttemptWatchTest, TerminatesThenKillsAfterTheGraceTimeEachOnce) {
    AttemptWatch watch{{.wall = seconds{10}, .silence = seconds{0}, .grace = seconds{5}}, start};

    EXPECT_EQ(watch.advance(start + seconds{9}), Step::none);
    EXPECT_EQ(watch.advance(start + seconds{10}), Step::terminate);
    EXPECT_EQ(watch.advance(start + seconds{14}), Step::none);
    EXPECT_EQ(watch.advance(start + seconds{15}), Step::kill);
    EXPECT_EQ(watch.advance(start + seconds{99}), Step::none);
    EXPECT_EQ(watch.imposed(), Outcome::timeout);
    EXPECT_EQ(watch.reason(), "ran longer than 10 s (trial timeout)");
}

TEST(AttemptWatchTest, SilenceIsCountedFromTheLastSign) {
    AttemptWatch watch{{.wall = seconds{0}, .silence = seconds{10}, .grace = seconds{5}}, start};
    watch.heard(start + seconds{8});

    EXPECT_EQ(watch.advance(start + seconds{17}), Step::none);
    EXPECT_EQ(watch.advance(start + seconds{18}), Step::terminate);
    EXPECT_THAT(watch.reason(), HasSubstr("silence timeout"));
}

TEST(AttemptWatchTest, FirstCauseCounts) {
    AttemptWatch stopped{{.wall = seconds{10}, .silence = seconds{0}, .grace = seconds{5}}, start};
    stopped.request_stop(StopCause::stopped);
    stopped.request_stop(StopCause::cancelled);
    AttemptWatch late{{.wall = seconds{10}, .silence = seconds{0}, .grace = seconds{5}}, start};
    EXPECT_EQ(late.advance(start + seconds{10}), Step::terminate);
    late.request_stop(StopCause::stopped);

    EXPECT_EQ(stopped.advance(start + seconds{99}), Step::terminate);
    EXPECT_EQ(stopped.imposed(), Outcome::stopped);
    EXPECT_EQ(late.imposed(), Outcome::timeout);
}

class VerdictTest : public ::testing::Test {
  protected:
    void report(double loss) { static_cast<void>(reports.take({{{"loss", loss}}, {}, {}, {}}, 1.0)); }

    AttemptWatch watch{{}, start};
    ReportBook reports{"loss", 0.0};
    Evidence evidence{.watch = watch, .reports = reports, .exit = {}, .error = {}, .last_lines = {}};
};

TEST_F(VerdictTest, ScoreAndCleanExitIsCompleted) {
    report(0.5);
    evidence.exit = ChildExit{};

    EXPECT_EQ(judge(evidence).outcome, Outcome::completed);
    EXPECT_EQ(judge(evidence).error, "");
}

TEST_F(VerdictTest, KillByTheKernelForMemoryIsOomAndAnotherKillIsNot) {
    report(0.5);
    evidence.exit = ChildExit{0, SIGKILL};
    EXPECT_EQ(judge(evidence).outcome, Outcome::failed);
    EXPECT_THAT(judge(evidence).error, HasSubstr("killed by SIGKILL"));

    evidence.oom_killed = true;
    EXPECT_EQ(judge(evidence).outcome, Outcome::oom);
}

TEST_F(VerdictTest, OutOfMemoryIsReadFromWhatTheScriptSays) {
    evidence.error = ErrorMessage{"torch.OutOfMemoryError: CUDA out of memory. Tried to allocate", false};
    EXPECT_EQ(judge(evidence).outcome, Outcome::oom);
    evidence.error = ErrorMessage{"it broke", true};
    EXPECT_EQ(judge(evidence).outcome, Outcome::oom);
    evidence.error = ErrorMessage{"ValueError: no", false};
    EXPECT_EQ(judge(evidence).outcome, Outcome::failed);
    EXPECT_EQ(judge(evidence).error, "ValueError: no");
}

TEST_F(VerdictTest, CrashAfterDoneSpoilsNoResult) {
    report(0.5);
    evidence.done = true;
    evidence.exit = ChildExit{0, SIGSEGV};

    EXPECT_EQ(judge(evidence).outcome, Outcome::completed);
}

TEST_F(VerdictTest, ImposedEndCountsBeforeHowItDied) {
    watch.request_stop(StopCause::cancelled);
    evidence.exit = ChildExit{0, SIGTERM};
    evidence.error = ErrorMessage{"KeyboardInterrupt", false};

    EXPECT_EQ(judge(evidence).outcome, Outcome::cancelled);
    EXPECT_EQ(judge(evidence).error, "");
}

TEST_F(VerdictTest, WhatFailsWhileItsWorkerIsToldToEndIsCancelled) {
    evidence.worker_ends = true;
    evidence.exit = ChildExit{0, SIGTERM};
    EXPECT_EQ(judge(evidence).outcome, Outcome::cancelled);
    EXPECT_EQ(judge(evidence).error, "");
    evidence.error = ErrorMessage{"the process that imported the script has ended", false};
    EXPECT_EQ(judge(evidence).outcome, Outcome::cancelled);
    evidence.error = ErrorMessage{"out of memory", true};
    EXPECT_EQ(judge(evidence).outcome, Outcome::oom);
    evidence.error.reset();
    evidence.exit = ChildExit{};
    report(0.5);
    EXPECT_EQ(judge(evidence).outcome, Outcome::completed);
}

TEST_F(VerdictTest, WaitsAMomentForTheSignalToTheWorkerAfterADeathThatEndsJobs) {
    for (const ChildExit exit : {ChildExit{0, SIGTERM}, ChildExit{0, SIGKILL}, ChildExit{128 + SIGTERM, 0}}) {
        EXPECT_TRUE(too_early_to_judge(watch, exit, {}));
        EXPECT_FALSE(too_early_to_judge(watch, exit, longest_signalling));
    }
    for (const ChildExit exit : {ChildExit{}, ChildExit{1, 0}, ChildExit{0, SIGSEGV}, ChildExit{128 + SIGSEGV, 0}}) {
        EXPECT_FALSE(too_early_to_judge(watch, exit, {}));
    }
    watch.request_stop(StopCause::stopped);
    EXPECT_FALSE(too_early_to_judge(watch, {0, SIGTERM}, {})) << "its end was asked for";
}

TEST_F(VerdictTest, WaitsNoLongerOnceTheWorkerIsTold) {
    const ToldToEnd told;
    EXPECT_FALSE(too_early_to_judge(watch, {0, SIGTERM}, {}));
}

TEST(ToldToEndTest, IsReadFromASignalThatIsBlocked) {
    EXPECT_FALSE(told_to_end());
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) {
        sigset_t blocked;
        sigset_t before;
        ::sigemptyset(&blocked);
        ::sigaddset(&blocked, signal);
        ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
        std::raise(signal);
        EXPECT_TRUE(told_to_end());
        int taken = 0;
        ::sigwait(&blocked, &taken);
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        EXPECT_FALSE(told_to_end());
    }
}

TEST_F(VerdictTest, OneFiniteScoreIsEnough) {
    report(0.5);
    report(std::numeric_limits<double>::quiet_NaN());

    EXPECT_EQ(judge(evidence).outcome, Outcome::completed);
}

TEST(OomCounterTest, ReadsTheKernelsFormatsAndKnowsWhenThereIsNone) {
    const TemporaryFolder folder;
    std::ofstream{folder.path() / "memory.events"} << "low 0\noom 9\noom_kill 3\noom_group_kill 0\n";

    EXPECT_EQ(OomCounter{folder.path() / "memory.events"}.read(), 3U);
    EXPECT_FALSE(OomCounter{folder.path() / "absent"}.read().has_value());
}

class TrialLogTest : public ::testing::Test {
  protected:
    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "000001" / "log.txt";
};

TEST_F(TrialLogTest, FileAndFolderAreMadeWithTheFirstByte) {
    TrialLog log{file, 4096};
    log.append("");
    EXPECT_FALSE(std::filesystem::exists(file.parent_path()));
    EXPECT_EQ(log.path(), "");

    log.append("hello\n");
    log.finish();

    EXPECT_EQ(read_text(file), "hello\n");
    EXPECT_EQ(log.path(), file.string());
}

TEST_F(TrialLogTest, KeepsTheFirstAndLastHalfAndSaysHowMuchWasCutWhateverThePieces) {
    std::string text;
    for (int line = 0; line < 2000; ++line) {
        text += "line " + std::to_string(line) + "\n";
    }
    for (const std::size_t piece : {1UL, 13UL, 700UL, 5000UL, 100000UL}) {
        TrialLog log{file, 4096};
        for (std::size_t at = 0; at < text.size(); at += piece) {
            log.append(std::string_view{text}.substr(at, piece));
        }
        log.finish();

        const std::string kept = read_text(file);
        EXPECT_LE(kept.size(), 4096U);
        EXPECT_GE(kept.size(), 3900U);
        const auto cut = kept.find("\n[hpogrid: ");
        ASSERT_NE(cut, std::string::npos) << piece;
        EXPECT_EQ(kept.substr(0, cut), text.substr(0, cut));
        const std::string end = kept.substr(kept.find("]\n", cut) + 2);
        EXPECT_GE(end.size(), 1900U);
        EXPECT_THAT(text, EndsWith(end)) << piece;
        const auto bytes_cut = text.size() - cut - end.size();
        EXPECT_THAT(kept.substr(cut), StartsWith("\n[hpogrid: " + std::to_string(bytes_cut) + " bytes"));
    }
}

TEST_F(TrialLogTest, TextThatFitsStaysWhole) {
    TrialLog log{file, 4096};
    const std::string text(4000, 'x');
    log.append(text);
    log.finish();

    EXPECT_EQ(read_text(file), text);
}

TEST_F(TrialLogTest, QuotesAtMostTwentyLinesAndFourKibibytes) {
    TrialLog log{file, 1 << 20};
    for (int line = 0; line < 100; ++line) {
        log.append("line " + std::to_string(line) + "\n");
    }
    EXPECT_THAT(log.last_lines(), StartsWith("line 80\n"));
    EXPECT_THAT(log.last_lines(), EndsWith("line 99"));

    log.append(std::string(10000, 'x') + "\n");
    EXPECT_LE(log.last_lines().size(), 4096U);
    EXPECT_EQ((TrialLog{file, 4096}.last_lines()), "");
}

TEST_F(TrialLogTest, FolderThatCannotBeMadeLosesTheLogOnly) {
    TrialLog log{"/proc/no/such/log.txt", 4096};
    log.append("lost\n");
    log.finish();

    EXPECT_EQ(log.last_lines(), "lost");
}

TEST(TrialFolderTest, NamesFoldersAndLogs) {
    EXPECT_EQ(trial_folder("/run/trials", TrialId{7}), "/run/trials/000007");
    EXPECT_EQ(trial_folder("/run/trials", TrialId{1234567}), "/run/trials/1234567");
    EXPECT_TRUE(trial_folder("trials", TrialId{7}).is_absolute());
    EXPECT_EQ(log_file("/f", 1), "/f/log.txt");
    EXPECT_EQ(log_file("/f", 2), "/f/log_attempt2.txt");
}

}  // namespace
}  // namespace hpogrid::trials::test
