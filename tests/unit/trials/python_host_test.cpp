#include "tests/unit/trials/python_driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <filesystem>

namespace hpogrid::trials::test {
namespace {

using std::chrono::milliseconds;
using study::Outcome;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// What outlives its trial unless somebody ends it.
class PythonHostTest : public PythonTest {
  protected:
    /// Ends while its descendants go on, unless it `stays`; `hangs` without any; or `looks` for those of the last one.
    static constexpr const char* with_descendants = R"(
def fork(leaves_session):
    child = os.fork()
    if child:
        while leaves_session and os.getsid(child) != child:
            time.sleep(0.001)
        return child
    if leaves_session:
        os.setsid()
    time.sleep(600)

def lives(process):
    try:
        os.kill(process, 0)
        return True
    except ProcessLookupError:
        return False

def objective(config):
    known = hpogrid.get_workdir() + "descendants"
    if config.get("looks"):
        left = [process for process in map(int, open(known).read().split()) if lives(process)]
        assert not left, left
    if config.get("hangs") or config.get("looks"):
        hpogrid.report(loss=1.0)
    else:
        sleep = ["/bin/sleep", "600"]
        made = {
            "child": subprocess.Popen(sleep).pid,
            "daemon": subprocess.Popen(sleep, start_new_session=True).pid,
            "forked": fork(False),
            "forked_daemon": fork(True),
        }
        with open(known, "w") as file:
            print(*made.values(), file=file)
        hpogrid.report(loss=1.0, **made)
    time.sleep(600 if config.get("hangs") or config.get("stays") else 0)
)";
    static constexpr std::array descendants{"child", "daemon", "forked", "forked_daemon"};
};

TEST_F(PythonHostTest, DescendantsEndWithTheirTrialWhileAnotherRuns) {
    for (const PythonStart way : {PythonStart::fork, PythonStart::spawn}) {
        surroundings.slots = 2;
        start(with_descendants, {R"({"hangs":true})", "{}"}, way);

        driver->run_until_ended(1);
        driver->run_until_reported(2);

        EXPECT_EQ(driver->ended[0].trial, TrialId{1});
        EXPECT_EQ(driver->ended[0].outcome, Outcome::completed) << driver->ended[0].error;
        const auto& reports = driver->reported;
        const AttemptReported& left = reports[0].trial == TrialId{1} ? reports[0] : reports[1];
        for (const char* name : descendants) {
            EXPECT_TRUE(run_until([&] { return is_gone(metric(left, name)); }))
                << name << " of a trial that was " << (way == PythonStart::fork ? "forked" : "spawned");
        }
        EXPECT_THAT(driver->ended, SizeIs(1)) << "the other one goes on";
    }
}

TEST_F(PythonHostTest, DescendantsOfAKilledTrialLeaveItsGpuBeforeTheNextOneGetsIt) {
    surroundings.gpus_of_slot = {"GPU-1234"};
    surroundings.limits.wall = milliseconds{1500};
    start(with_descendants, {R"({"stays":true})", R"({"looks":true})"});

    driver->run_until_ended(2);

    EXPECT_EQ(driver->ended[0].outcome, Outcome::timeout);
    EXPECT_EQ(driver->ended[1].outcome, Outcome::completed) << driver->ended[1].error;
}

TEST_F(PythonHostTest, DestructionKillsWhatRunsAndItsDescendants) {
    for (const PythonStart way : {PythonStart::fork, PythonStart::spawn}) {
        surroundings.slots = 2;
        start(with_descendants, {R"({"stays":true})", R"({"stays":true})"}, way);
        driver->run_until_reported(2);

        driver->destroy_evaluator();

        EXPECT_TRUE(nothing_is_left());
        for (const AttemptReported& report : driver->reported) {
            for (const char* name : descendants) {
                EXPECT_TRUE(is_gone(metric(report, name))) << name;
            }
        }
    }
}

TEST_F(PythonHostTest, DestructionEndsWhatTheImportStarted) {
    start(R"(
daemon = subprocess.Popen(["/bin/sleep", "600"], start_new_session=True).pid
def objective(config): return {"loss": 1.0, "daemon": daemon}
)");
    driver->run_until_ended(1);
    ASSERT_THAT(driver->reported, SizeIs(1));
    EXPECT_FALSE(is_gone(metric(driver->reported[0], "daemon"))) << "it serves every trial";

    driver->destroy_evaluator();

    EXPECT_TRUE(is_gone(metric(driver->reported[0], "daemon")));
}

TEST_F(PythonHostTest, ImportErrorIsAHindranceWithTheTracebackAndSpoilsNoTrial) {
    start("import no_such_module_of_anyone", {"{}", "{}"});

    EXPECT_THAT(driver->run_until_hindered(),
                AllOf(HasSubstr("cannot be used with "), HasSubstr("Traceback"), HasSubstr("objective.py\", line 2"),
                      HasSubstr("No module named 'no_such_module_of_anyone'")));
    driver->evaluator().start(order(2));
    driver->run_for(milliseconds{100});

    EXPECT_THAT(driver->started, SizeIs(0));
    EXPECT_THAT(driver->ended, SizeIs(0));
}

TEST_F(PythonHostTest, ImportErrorOfAFreshInterpreterFailsItsTrialWithTheTraceback) {
    const AttemptEnded end = run("import no_such_module_of_anyone", PythonStart::spawn);

    EXPECT_EQ(end.outcome, Outcome::failed);
    EXPECT_THAT(end.error, AllOf(HasSubstr("Traceback"), HasSubstr("objective.py\", line 2"),
                                 HasSubstr("No module named 'no_such_module_of_anyone'")));
}

TEST_F(PythonHostTest, MissingModelIsAHindranceAndNamesTheNearest) {
    start("def objectives(config): return 1.0");

    EXPECT_THAT(driver->run_until_hindered(), HasSubstr("did you mean 'objectives'?"));
}

TEST_F(PythonHostTest, HangingImportEndsAtTheWallLimit) {
    surroundings.limits.wall = std::chrono::seconds{3};
    start("print('loading')\ntime.sleep(600)", {"{}", "{}"});

    EXPECT_THAT(
        driver->run_until_hindered(),
        AllOf(HasSubstr("the import of "), HasSubstr("objective.py ran longer than 3 s"), HasSubstr("loading")));
}

TEST_F(PythonHostTest, HangingImportOfAFreshInterpreterEndsItsTrial) {
    surroundings.limits.wall = std::chrono::seconds{3};

    const AttemptEnded end = run("print('loading')\ntime.sleep(600)", PythonStart::spawn);

    EXPECT_EQ(end.outcome, Outcome::timeout);
    EXPECT_THAT(end.error, AllOf(HasSubstr("ran longer than 3 s"), HasSubstr("loading")));
}

TEST_F(PythonHostTest, CrashOfAFreshInterpretersImportFailsItsTrial) {
    const AttemptEnded end = run("print('loading')\nos._exit(7)", PythonStart::spawn);

    EXPECT_EQ(end.outcome, Outcome::failed);
    EXPECT_THAT(end.error, AllOf(HasSubstr("exited with code 7"), HasSubstr("loading")));
}

TEST_F(PythonHostTest, FreshInterpretersThatDieOfTheImportAreNotMadeWithoutEnd) {
    const std::string tries = folder.path() / "tries";
    start("with open('" + tries + "', 'a') as file: file.write('x')\nos._exit(5)", {"{}", "{}"}, PythonStart::spawn);
    driver->run_until_ended(2);

    // One that was made ahead may be slow to get there.
    std::size_t before = 0;
    std::size_t settled = read_text(tries).size();
    for (int window = 0; window < 20 && settled != before; ++window) {
        driver->run_for(milliseconds{1000});
        before = std::exchange(settled, read_text(tries).size());
    }

    EXPECT_GE(settled, 2U);
    EXPECT_EQ(settled, before);
    EXPECT_LE(settled, 6U);
}

TEST_F(PythonHostTest, DeathOfTheHostFailsWhatRunsAndTheNextTrialsRun) {
    for (const PythonStart way : {PythonStart::fork, PythonStart::spawn}) {
        surroundings.slots = 2;
        // The killer waits for the other one, so that both run when the host dies.
        start(R"(
def objective(config):
    hpogrid.report(loss=1.0)
    mark = hpogrid.get_workdir() + "runs"
    if config["deed"] == "waits":
        open(mark, "w").close()
        time.sleep(600)
    if config["deed"] == "kills":
        while not os.path.exists(mark):
            time.sleep(0.01)
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(600)
)",
              {R"({"deed":"waits"})", R"({"deed":"kills"})", R"({"deed":"reports"})", R"({"deed":"reports"})"}, way);

        driver->run_until_ended(4);

        for (const AttemptEnded& end : driver->ended) {
            if (end.trial.value < 2) {
                EXPECT_EQ(end.outcome, Outcome::failed);
                EXPECT_THAT(end.error, AllOf(HasSubstr("the process that imported "), HasSubstr("killed by SIGKILL")));
            } else {
                EXPECT_EQ(end.outcome, Outcome::completed) << end.error;
            }
        }
        std::filesystem::remove(surroundings.work_folder / "runs");
    }
}

TEST_F(PythonHostTest, TrialsThatKillTheHostOneAfterAnotherFailOneByOne) {
    start(R"(
def objective(config):
    if config["trial"] < 5:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(600)
    return 1.0
)",
          numbered("trial", 6));

    driver->run_until_ended(6);

    for (const AttemptEnded& end : driver->ended) {
        EXPECT_EQ(end.outcome, end.trial.value < 5 ? Outcome::failed : Outcome::completed) << end.error;
    }
}

TEST_F(PythonHostTest, ThreeDeathsDuringTheImportGiveUp) {
    start(R"(
open(hpogrid.get_workdir() + str(time.time()), "w").close()
print("about to die")
os.kill(os.getpid(), signal.SIGKILL)
)",
          {"{}", "{}"});

    EXPECT_THAT(driver->run_until_hindered(),
                AllOf(HasSubstr("killed by SIGKILL"), HasSubstr("3 times in a row"), HasSubstr("about to die")));
    driver->evaluator().start(order(2));
    driver->run_for(milliseconds{100});

    EXPECT_THAT(driver->ended, SizeIs(0));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{surroundings.work_folder}, {}), 3) << "imports";
}

TEST_F(PythonHostTest, ImportThatDiesOnceIsTriedAgain) {
    start(R"(
mark = hpogrid.get_workdir() + "tried"
if not os.path.exists(mark):
    open(mark, "w").close()
    os.kill(os.getpid(), signal.SIGKILL)
def objective(config): return 1.0
)");

    driver->run_until_ended(1);

    EXPECT_EQ(driver->ended[0].outcome, Outcome::completed) << driver->ended[0].error;
}

TEST_F(PythonHostTest, DeathOfAWaitingProcessCostsNoTrial) {
    start(R"(
mark = hpogrid.get_workdir() + "tried"
if not os.path.exists(mark):
    open(mark, "w").close()
    os._exit(7)
open(hpogrid.get_workdir() + "replaced", "w").close()
def objective(config): return 1.0
)",
          {}, PythonStart::spawn);
    ASSERT_TRUE(run_until([&] { return std::filesystem::exists(surroundings.work_folder / "replaced"); }));

    driver->evaluator().start(order(0));
    driver->run_until_ended(1);

    EXPECT_EQ(driver->ended[0].outcome, Outcome::completed) << driver->ended[0].error;
}

}  // namespace
}  // namespace hpogrid::trials::test
