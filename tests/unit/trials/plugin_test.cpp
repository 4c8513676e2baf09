#include "engine/core/error.hpp"
#include "engine/trials/plugin/plugin_evaluator.hpp"
#include "tests/unit/trials/evaluator_driver.hpp"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <set>

namespace hpogrid::trials::test {
namespace {

using std::chrono::milliseconds;
using study::Outcome;
using ::testing::HasSubstr;

std::string deed(const std::string& name) {
    return fmt::format(R"({{"deed":"{}"}})", name);
}

class PluginTest : public ::testing::Test {
  protected:
    void SetUp() override { ::setenv("HPOGRID_PLUGIN_HOST", PLUGIN_HOST, 1); }
    void TearDown() override {
        driver.reset();
        EXPECT_TRUE(nothing_is_left());
    }

    Driver& start(const std::vector<std::string>& configurations, const std::string& factory = "misbehaving") {
        driver = std::make_unique<Driver>(make_plugin_evaluator({MISBEHAVING_PLUGIN, factory}, surroundings));
        for (std::size_t i = 0; i < configurations.size(); ++i) {
            driver->evaluator().start(order(static_cast<std::uint32_t>(i), configurations[i]));
        }
        return *driver;
    }
    AttemptEnded run(const std::string& what) {
        start({deed(what)}).run_until_ended(1);
        return driver->ended.empty() ? AttemptEnded{} : driver->ended.front();
    }

    TemporaryFolder folder;
    Surroundings surroundings = surroundings_in(folder.path());
    std::unique_ptr<Driver> driver;
};

TEST_F(PluginTest, ReportsAndCompletesWithoutMakingAFolder) {
    start({R"({"lr":0.25})"}).run_until_ended(1);

    EXPECT_EQ(driver->ended[0].outcome, Outcome::completed) << driver->ended[0].error;
    EXPECT_EQ(driver->ended[0].log, "");
    ASSERT_EQ(driver->reported.size(), 1U);
    EXPECT_EQ(metric(driver->reported[0], "loss"), 0.25);
    EXPECT_EQ(metric(driver->reported[0], "training_iteration"), 1.0);
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "trials"));
}

TEST_F(PluginTest, ValuesKeepTheirTypesAndUnsuitableOnesAreRefused) {
    start({R"({"deed":"types","flag":true,"list":[1,2],"count":-3})"}).run_until_ended(1);

    ASSERT_EQ(driver->reported.size(), 1U);
    EXPECT_EQ(metric(driver->reported[0], "loss"), 42.0) << "the seed";
    EXPECT_EQ(driver->ended[0].outcome, Outcome::failed);
    EXPECT_THAT(driver->ended[0].error, HasSubstr("'count' is of another kind or too large"));
}

TEST_F(PluginTest, ExceptionsFailTheTrialAndTheHostGoesOn) {
    start({deed("throw"), deed("throw 3"), deed("report")}).run_until_ended(3);

    EXPECT_EQ(driver->ended[0].outcome, Outcome::failed);
    EXPECT_EQ(driver->ended[0].error, "no \"convergence\"");
    EXPECT_EQ(driver->ended[1].outcome, Outcome::failed);
    EXPECT_EQ(driver->ended[2].outcome, Outcome::completed);
}

TEST_F(PluginTest, CrashEndsTheRunningTrialOnly) {
    std::vector<std::string> configurations(40, deed("report"));
    configurations[25] = deed("crash");

    start(configurations).run_until_ended(40);

    for (const AttemptEnded& end : driver->ended) {
        if (end.trial == TrialId{25}) {
            EXPECT_EQ(end.outcome, Outcome::failed);
            EXPECT_THAT(end.error, HasSubstr("killed by SIGSEGV (segmentation fault)"));
            EXPECT_THAT(end.error, HasSubstr("about to crash"));
        } else {
            EXPECT_EQ(end.outcome, Outcome::completed) << end.trial.value << ": " << end.error;
        }
    }
    EXPECT_EQ(driver->started.size(), 40U);
    EXPECT_EQ(driver->reported.size(), 39U) << "nothing ran twice";
}

TEST_F(PluginTest, ExitInsideOfATrialFailsIt) {
    start({deed("exit"), deed("report")}).run_until_ended(2);

    EXPECT_EQ(driver->ended[0].outcome, Outcome::failed);
    EXPECT_THAT(driver->ended[0].error, HasSubstr("ended its process"));
    EXPECT_EQ(driver->ended[1].outcome, Outcome::completed);
}

TEST_F(PluginTest, NothingReportedAndNanAreNoScore) {
    start({deed("nothing"), deed("nan")}).run_until_ended(2);

    EXPECT_EQ(driver->ended[0].outcome, Outcome::failed);
    EXPECT_THAT(driver->ended[0].error, HasSubstr("without reporting a metric"));
    EXPECT_EQ(driver->ended[1].outcome, Outcome::failed);
    EXPECT_THAT(driver->ended[1].error, HasSubstr("'loss' was nan"));
    ASSERT_EQ(driver->reported.size(), 1U);
    EXPECT_TRUE(std::isnan(metric(driver->reported[0], "loss")));
}

TEST_F(PluginTest, RunningOutOfMemoryIsToldFromOtherFailures) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "the sanitizer itself dies of a limited address space";
#endif
    EXPECT_EQ(run("allocate").outcome, Outcome::oom);
}

TEST_F(PluginTest, HangingTrialIsKilledAndTheNextOneRuns) {
    surroundings.limits.wall = milliseconds{300};

    start({deed("hang"), deed("report")}).run_until_ended(2);

    EXPECT_EQ(driver->ended[0].outcome, Outcome::timeout);
    EXPECT_THAT(driver->ended[0].error, HasSubstr("ran longer than 0.3 s"));
    EXPECT_EQ(driver->ended[1].outcome, Outcome::completed);
}

TEST_F(PluginTest, StoppedTrialLeavesAtItsNextReport) {
    surroundings.limits.grace = std::chrono::seconds{20};
    start({deed("until stopped"), deed("report")}).run_until_reported(3);

    driver->evaluator().stop({0}, 1, StopCause::stopped);
    driver->run_until_ended(2, std::chrono::seconds{10});

    EXPECT_EQ(driver->ended[0].outcome, Outcome::stopped);
    EXPECT_EQ(driver->ended[1].outcome, Outcome::completed);
}

TEST_F(PluginTest, StoppedTrialThatDoesNotReportIsKilled) {
    start({deed("hang"), deed("report")}).run_until_reported(1);

    driver->evaluator().stop({0}, 1, StopCause::cancelled);
    driver->run_until_ended(2);

    EXPECT_EQ(driver->ended[0].outcome, Outcome::cancelled);
    EXPECT_EQ(driver->ended[1].outcome, Outcome::completed);
}

TEST_F(PluginTest, EndedWithItsJobItIsCancelled) {
    start({deed("hang")}).run_until_reported(1);

    driver->end_job(1);

    EXPECT_EQ(driver->ended[0].outcome, Outcome::cancelled) << driver->ended[0].error;
}

TEST_F(PluginTest, OrdersThatWereSentAheadCanBeStopped) {
    start(std::vector<std::string>(10, deed("report"))).run_until_ended(10);  // short: from now on orders go ahead
    driver->evaluator().start(order(10, deed("until stopped")));
    for (std::uint32_t trial = 11; trial < 15; ++trial) {
        driver->evaluator().start(order(trial, deed("report")));
    }
    driver->run_until_reported(12);

    driver->evaluator().stop({12}, 1, StopCause::stopped);
    driver->run_until_ended(11);
    EXPECT_EQ(driver->ended[10].trial, TrialId{12});
    driver->evaluator().stop({10}, 1, StopCause::stopped);
    driver->run_until_ended(15);
    driver->run_for(milliseconds{50});

    EXPECT_EQ(driver->ended.size(), 15U);
    EXPECT_EQ(driver->started.size(), 14U) << "12 never ran";
}

TEST_F(PluginTest, OutputGoesToTheLogOfItsTrial) {
    start({deed("print"), deed("report"), deed("print")}).run_until_ended(3);

    EXPECT_EQ(read_text(driver->ended[0].log), "printed by 0\n");
    EXPECT_EQ(driver->ended[1].log, "");
    EXPECT_EQ(read_text(driver->ended[2].log), "printed by 2\n");
}

TEST_F(PluginTest, OutputOfShortTrialsThatWereSentAheadIsToldApart) {
    std::vector<std::string> configurations(400, deed("report"));
    for (std::size_t i = 20; i < configurations.size(); i += 3) {
        configurations[i] = deed("print");
    }

    start(configurations).run_until_ended(configurations.size());

    for (const AttemptEnded& end : driver->ended) {
        const bool prints = end.trial.value >= 20 && end.trial.value % 3 == 2;
        const std::string expected = prints ? fmt::format("printed by {}\n", end.trial.value) : "";
        EXPECT_EQ(end.log.empty() ? "" : read_text(end.log), expected) << end.trial.value;
    }
}

TEST_F(PluginTest, TrialsOwnFolderIsMadeOnDemand) {
    run("file");

    EXPECT_EQ(read_text(folder.path() / "trials/000000/model.txt"), "x");
}

TEST_F(PluginTest, ChildrenOfATrialEndWithIt) {
    run("children");

    EXPECT_EQ(driver->ended[0].outcome, Outcome::completed) << driver->ended[0].error;
    const std::vector<int> left = leftover_processes();
    EXPECT_EQ(std::set<int>(left.begin(), left.end()).size(), 1U) << "the host only";
}

TEST_F(PluginTest, UnusableLibrariesFailEachTrialWithTheReason) {
    start({"{}", "{}"}, "nonsense").run_until_ended(2);
    EXPECT_THAT(driver->ended[0].error, HasSubstr("has no factory 'nonsense'"));
    EXPECT_THAT(driver->ended[1].error, HasSubstr("has no factory 'nonsense'"));

    start({"{}"}, "without_train").run_until_ended(1);
    EXPECT_THAT(driver->ended[0].error, HasSubstr("gives no plug-in"));

    start({"{}"}, "crashes_at_start").run_until_ended(1);
    EXPECT_THAT(driver->ended[0].error, HasSubstr("could not be loaded"));
    EXPECT_THAT(driver->ended[0].error, HasSubstr("SIGSEGV"));

    driver = std::make_unique<Driver>(make_plugin_evaluator({MISBEHAVING_PROGRAM, "x"}, surroundings));
    driver->evaluator().start(order(0));
    driver->run_until_ended(1);
    EXPECT_THAT(driver->ended[0].error, HasSubstr("cannot be loaded"));
}

TEST_F(PluginTest, CanBeCheckedWithoutATrial) {
    const auto problem = [&](const char* library, const char* factory) {
        return check_plugin({library, factory}, surroundings, std::chrono::seconds{30}).value_or("none");
    };
    EXPECT_EQ(problem(MISBEHAVING_PLUGIN, "misbehaving"), "none");
    EXPECT_THAT(problem(MISBEHAVING_PLUGIN, "nonsense"), HasSubstr("has no factory 'nonsense'"));
    EXPECT_THAT(problem(MISBEHAVING_PROGRAM, "x"), HasSubstr("cannot be loaded"));
    EXPECT_EQ(problem(MISBEHAVING_PLUGIN, "misbehaving").find('\n'), std::string::npos);
}

TEST_F(PluginTest, MissingLibraryOrHostIsRefusedAtOnce) {
    EXPECT_THROW(make_plugin_evaluator({"/no/such/library.so", "x"}, surroundings), InputError);
    ::setenv("HPOGRID_PLUGIN_HOST", "/no/such/host", 1);
    EXPECT_THROW(make_plugin_evaluator({MISBEHAVING_PLUGIN, "x"}, surroundings), InputError);
}

TEST_F(PluginTest, ManySlotsRunAtOnce) {
    surroundings.slots = 4;
    start(std::vector<std::string>(12, deed("sleep"))).run_until_ended(12);

    std::set<std::uint32_t> slots;
    for (const AttemptStarted& begun : driver->started) {
        slots.insert(begun.slot.value);
    }
    EXPECT_EQ(slots.size(), 4U);
}

TEST_F(PluginTest, ThousandsOfShortTrialsASecond) {
    start({});
    const auto begin = std::chrono::steady_clock::now();
    for (std::uint32_t trial = 0; trial < 5000; ++trial) {
        driver->evaluator().start(order(trial, R"({"lr":0.5})"));
    }

    driver->run_until_ended(5000);

    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    RecordProperty("trials_a_second", static_cast<int>(5000.0 / took.count()));
    EXPECT_EQ(driver->reported.size(), 5000U);
    EXPECT_LT(took.count(), 20.0) << "far below what the design asks for, so that a busy machine passes";
}

TEST_F(PluginTest, TheExampleLearns) {
    driver = std::make_unique<Driver>(make_plugin_evaluator({EXAMPLE_PLUGIN, "two_rings"}, surroundings));
    driver->evaluator().start(
        order(0, R"({"lr":0.5,"hidden":16,"momentum":0.9,"activation":"tanh","epochs":20,"points":200})"));

    driver->run_until_ended(1);

    ASSERT_EQ(driver->reported.size(), 20U) << driver->ended[0].error;
    EXPECT_GT(metric(driver->reported.back(), "accuracy"), 0.85);
}

}  // namespace
}  // namespace hpogrid::trials::test
