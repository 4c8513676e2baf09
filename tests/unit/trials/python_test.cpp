#include "engine/core/error.hpp"
#include "engine/trials/python/python_evaluator.hpp"
#include "tests/unit/trials/python_driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

namespace hpogrid::trials::test {
namespace {

using std::chrono::milliseconds;
using study::Outcome;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(PythonTest, FunctionWithReporterReportsInOrderAndGetsItsConfiguration) {
    start(R"(
def objective(config, reporter):
    assert config == {"lr": 0.25, "layers": [64, 32], "name": "Ångström", "off": None, "n": 2**53}, config
    for epoch in range(50):
        reporter(loss=config["lr"] * epoch, epoch=epoch)
)",
          {R"({"lr":0.25,"layers":[64,32],"name":"Ångström","off":null,"n":9007199254740992})"});

    driver->run_until_ended(1);

    EXPECT_EQ(driver->ended[0].outcome, Outcome::completed) << driver->ended[0].error;
    EXPECT_EQ(driver->ended[0].error, "");
    ASSERT_EQ(driver->reported.size(), 50U);
    for (std::size_t epoch = 0; epoch < driver->reported.size(); ++epoch) {
        const AttemptReported& report = driver->reported[epoch];
        EXPECT_EQ(metric(report, "epoch"), static_cast<double>(epoch));
        EXPECT_EQ(metric(report, "loss"), 0.25 * static_cast<double>(epoch));
        EXPECT_EQ(report.report.iteration, static_cast<double>(epoch + 1));
    }
}

TEST_F(PythonTest, ClassStopsWhenAskedAndCleansUp) {
    surroundings.limits.grace = std::chrono::seconds{20};
    start(R"(
class objective(hpogrid.Trainable):
    def step(self):
        time.sleep(0.01)
        return {"loss": 1.0}
    def cleanup(self):
        print("cleaned up")
)");
    driver->run_until_reported(3);

    driver->evaluator().stop({0}, 1, StopCause::stopped);
    driver->run_until_ended(1, std::chrono::seconds{10});

    EXPECT_EQ(driver->ended[0].outcome, Outcome::stopped);
    EXPECT_EQ(driver->ended[0].error, "");
    EXPECT_THAT(read_text(driver->ended[0].log), HasSubstr("cleaned up\n"));
}

TEST_F(PythonTest, EndedBySomebodyElseItFailsHoweverWellItCleansUp) {
    start(R"(
class objective(hpogrid.Trainable):
    def step(self):
        time.sleep(0.01)
        return {"loss": 1.0, "process": os.getpid()}
    def cleanup(self):
        print("cleaned up")
)");
    driver->run_until_reported(3);

    ::kill(static_cast<pid_t>(metric(driver->reported[0], "process")), SIGTERM);
    driver->run_until_ended(1);

    EXPECT_EQ(driver->ended[0].outcome, Outcome::failed);
    EXPECT_THAT(driver->ended[0].error, AllOf(HasSubstr("killed by SIGTERM"), HasSubstr("cleaned up")));
}

TEST_F(PythonTest, EndedWithItsJobItIsCancelled) {
    for (const PythonStart way : {PythonStart::fork, PythonStart::spawn}) {
        start(R"(
def objective(config):
    hpogrid.report(loss=1.0)
    time.sleep(600)
)",
              {"{}"}, way);
        driver->run_until_reported(1);

        driver->end_job(1);

        EXPECT_EQ(driver->ended[0].outcome, Outcome::cancelled) << driver->ended[0].error;
        EXPECT_EQ(driver->ended[0].error, "");
    }
}

TEST_F(PythonTest, StoppedWhileItRunsAndStubborn) {
    start(stubborn, {"{}", R"({"good":true})"});
    driver->run_until_reported(1);

    driver->evaluator().stop({0}, 1, StopCause::cancelled);
    driver->evaluator().stop({0}, 1, StopCause::stopped);
    driver->run_until_ended(2);
    driver->evaluator().stop({0}, 1, StopCause::stopped);
    driver->run_for(milliseconds{50});

    ASSERT_EQ(driver->ended.size(), 2U) << "a stop after the end has no effect";
    EXPECT_EQ(driver->ended[0].outcome, Outcome::cancelled) << "the first cause counts";
    EXPECT_EQ(driver->ended[1].outcome, Outcome::completed) << driver->ended[1].error;
}

TEST_F(PythonTest, ForkAndFreshInterpreterGiveTheSameOutcomes) {
    const std::string text = R"(
def objective(config):
    deed = config["deed"]
    if deed == "raise":
        raise RuntimeError("negative width")
    if deed == "leave":
        os._exit(7)
    if deed == "crash":
        ctypes.string_at(0)
    if deed == "nothing":
        return None
    for epoch in range(3):
        hpogrid.report(loss=float("nan") if deed == "nan" else epoch)
)";
    const std::vector<std::string> deeds{R"({"deed":"report"})", R"({"deed":"raise"})",   R"({"deed":"leave"})",
                                         R"({"deed":"crash"})",  R"({"deed":"nothing"})", R"({"deed":"nan"})"};

    const std::vector<std::string> forked = summaries(text, deeds, PythonStart::fork);
    const std::vector<std::string> fresh = summaries(text, deeds, PythonStart::spawn);

    EXPECT_THAT(forked[0], HasSubstr("completed, 3 reports"));
    EXPECT_EQ(forked, fresh);
}

TEST_F(PythonTest, ExceptionFailsTheTrialWithItsTraceback) {
    const AttemptEnded end = run(R"(
def objective(config):
    hpogrid.report(loss=1.0)
    raise RuntimeError("negative width")
)");

    EXPECT_EQ(end.outcome, Outcome::failed);
    EXPECT_THAT(end.error, AllOf(HasSubstr("Traceback"), HasSubstr("objective.py"), HasSubstr("in objective"),
                                 HasSubstr("RuntimeError: negative width"), Not(HasSubstr("running.py"))));
    EXPECT_THAT(read_text(end.log), HasSubstr("RuntimeError: negative width"));
}

TEST_F(PythonTest, ProcessThatEndsByItselfFailsTheTrialAndTheNextOneRuns) {
    start(R"(
def objective(config):
    print("this is why")
    if config["deed"] == "leave without a word":
        os._exit(0)
    hpogrid.report(loss=1.0)
    if config["deed"] == "leave":
        os._exit(7)
    if config["deed"] == "crash":
        ctypes.string_at(0)
    if config["deed"] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
)",
          {R"({"deed":"leave"})", R"({"deed":"crash"})", R"({"deed":"kill"})", R"({"deed":"leave without a word"})",
           R"({"deed":"report"})"});

    driver->run_until_ended(5);

    const auto& ended = driver->ended;
    EXPECT_EQ(ended[0].outcome, Outcome::failed);
    EXPECT_THAT(ended[0].error, AllOf(HasSubstr("exited with code 7"), HasSubstr("this is why")));
    EXPECT_EQ(ended[1].outcome, Outcome::failed);
    EXPECT_THAT(ended[1].error, AllOf(HasSubstr("killed by SIGSEGV"), HasSubstr("objective.py")));
    EXPECT_EQ(ended[2].outcome, Outcome::failed);
    EXPECT_THAT(ended[2].error, HasSubstr("killed by SIGKILL"));
    EXPECT_EQ(ended[3].outcome, Outcome::failed);
    EXPECT_THAT(ended[3].error, HasSubstr("without reporting a metric"));
    EXPECT_EQ(ended[4].outcome, Outcome::completed) << ended[4].error;
}

TEST_F(PythonTest, RunningOutOfMemoryIsToldFromOtherFailures) {
    const AttemptEnded end = run(R"(
def objective(config):
    bytearray(1 << 60)
)");

    EXPECT_EQ(end.outcome, Outcome::oom);
    EXPECT_THAT(end.error, HasSubstr("MemoryError"));
}

TEST_F(PythonTest, HangingTrialEndsAtItsWallLimit) {
    surroundings.limits.wall = milliseconds{1500};

    start(R"(
def objective(config):
    hpogrid.report(loss=1.0)
    time.sleep(0 if config.get("good") else 600)
)",
          {"{}", R"({"good":true})"});
    driver->run_until_ended(2);

    EXPECT_EQ(driver->ended[0].outcome, Outcome::timeout);
    EXPECT_THAT(driver->ended[0].error, HasSubstr("ran longer than 1.5 s (trial timeout)"));
    EXPECT_EQ(driver->ended[1].outcome, Outcome::completed) << driver->ended[1].error;
}

TEST_F(PythonTest, SilenceLimitEndsTheSilentAndSparesTheTalkative) {
    surroundings.slots = 3;
    surroundings.limits.silence = milliseconds{1000};
    surroundings.limits.wall = milliseconds{2500};

    start(R"(
def objective(config):
    hpogrid.report(loss=1.0)
    while True:
        time.sleep(0.05)
        print("." if config.get("prints") else "", end="\n" if config.get("prints") else "")
        if config.get("reports"):
            hpogrid.report(loss=1.0)
)",
          {"{}", R"({"prints":true})", R"({"reports":true})"});
    driver->run_until_ended(3);

    EXPECT_THAT(driver->ended[0].error, HasSubstr("for 1 s (silence timeout)"));
    EXPECT_THAT(driver->ended[1].error, HasSubstr("trial timeout"));
    EXPECT_THAT(driver->ended[2].error, HasSubstr("trial timeout"));
}

TEST_F(PythonTest, TrialThatIgnoresSigtermIsKilled) {
    surroundings.limits.wall = milliseconds{1500};

    const AttemptEnded end = run(stubborn);

    EXPECT_EQ(end.outcome, Outcome::timeout);
    ASSERT_EQ(driver->reported.size(), 1U);
    EXPECT_TRUE(is_gone(metric(driver->reported[0], "process")));
}

TEST_F(PythonTest, StoppedWhileItWaits) {
    start(stubborn, {"{}", R"({"good":true})", R"({"good":true})"});

    driver->evaluator().stop({1}, 1, StopCause::cancelled);
    driver->evaluator().stop({2}, 1, StopCause::stopped);
    driver->run_until_ended(2);

    EXPECT_EQ(driver->ended[0].trial, TrialId{1});
    EXPECT_EQ(driver->ended[0].outcome, Outcome::cancelled);
    EXPECT_EQ(driver->ended[1].outcome, Outcome::stopped);
    driver->run_until_reported(1);
    EXPECT_EQ(driver->started.size(), 1U) << "what was stopped never ran";
}

TEST_F(PythonTest, ManySlotsRunAtOnce) {
    surroundings.slots = 4;
    // Each of the first four waits for the other three, so fewer at a time would never end.
    start(R"(
def objective(config):
    open(hpogrid.get_workdir() + str(config["trial"]), "w").close()
    while config["trial"] < 4 and len(os.listdir(hpogrid.get_workdir())) < 4:
        time.sleep(0.01)
    return {"loss": config["trial"]}
)",
          numbered("trial", 12));

    driver->run_until_ended(12);

    std::set<std::uint32_t> slots;
    for (const AttemptStarted& begun : driver->started) {
        slots.insert(begun.slot.value);
    }
    EXPECT_EQ(slots.size(), 4U);
    EXPECT_EQ(driver->started.size(), 12U);
    for (const AttemptEnded& end : driver->ended) {
        EXPECT_EQ(end.outcome, Outcome::completed) << end.error;
    }
}

TEST_F(PythonTest, TwoHundredShortTrialsOneAfterAnother) {
    const auto begin = std::chrono::steady_clock::now();
    start("def objective(config): return 0.5", std::vector<std::string>(200, "{}"));

    driver->run_until_ended(200, std::chrono::seconds{60});

    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    RecordProperty("trials_a_second", static_cast<int>(200.0 / took.count()));
    EXPECT_EQ(driver->reported.size(), 200U);
    for (std::uint32_t trial = 0; trial < 200; ++trial) {
        EXPECT_EQ(driver->ended[trial].trial, TrialId{trial});
        EXPECT_EQ(driver->ended[trial].outcome, Outcome::completed) << driver->ended[trial].error;
    }
    EXPECT_LT(took.count(), 30.0) << "far above what it takes, so that a busy machine passes";
}

TEST_F(PythonTest, OutputGoesToTheLogOfItsTrial) {
    surroundings.slots = 2;
    start(R"(
print("the import, once")
def objective(config):
    print("printed by", config["trial"])
    sys.stdout.flush()
    os.system("echo said by a child of {}".format(config["trial"]))
    os.write(2, b"an error\n")
    return {"loss": 1.0}
)",
          numbered("trial", 8));

    driver->run_until_ended(8);

    for (const AttemptEnded& end : driver->ended) {
        const std::string name = std::to_string(end.trial.value);
        EXPECT_EQ(read_text(end.log), "printed by " + name + "\nsaid by a child of " + name + "\nan error\n");
    }
}

TEST_F(PythonTest, ImportOfAFreshInterpreterPrintsToTheLogOfItsTrial) {
    const AttemptEnded end = run("print('the import, each time')\ndef objective(config): return 1.0",  //
                                 PythonStart::spawn);

    EXPECT_EQ(end.outcome, Outcome::completed) << end.error;
    EXPECT_EQ(read_text(end.log), "the import, each time\n");
}

TEST_F(PythonTest, TrialSeesItsSurroundingsAndNothingOfMpi) {
    ::setenv("OMPI_COMM_WORLD_RANK", "3", 1);
    surroundings.gpus_of_slot = {"GPU-1234"};
    surroundings.threads = 3;

    for (const PythonStart way : {PythonStart::fork, PythonStart::spawn}) {
        const AttemptEnded end = run(R"(
def objective(config):
    for name in ("OMPI_COMM_WORLD_RANK", "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS", "HPOGRID_TRIAL_ID", "HPOGRID_SEED"):
        print(name, os.environ.get(name))
    print("in", os.getcwd())
    return 1.0
)",
                                     way);

        EXPECT_EQ(read_text(end.log),
                  "OMPI_COMM_WORLD_RANK None\nCUDA_VISIBLE_DEVICES GPU-1234\nOMP_NUM_THREADS 3\n"
                  "HPOGRID_TRIAL_ID 0\nHPOGRID_SEED 42\nin " +
                      (folder.path() / "trials/000000").string() + "\n");
    }
    ::unsetenv("OMPI_COMM_WORLD_RANK");
}

TEST_F(PythonTest, UnwritableFolderFailsTheTrialOnly) {
    surroundings.trials_folder = "/proc/no/such/folder";

    const AttemptEnded end = run("def objective(config): return 1.0");

    EXPECT_EQ(end.outcome, Outcome::failed);
    EXPECT_THAT(end.error, HasSubstr("cannot make folder"));
}

TEST_F(PythonTest, MissingInterpreterIsRefusedAtOnce) {
    ::setenv("HPOGRID_PYTHON", "/no/such/python3", 1);

    EXPECT_THROW(make_python_evaluator({folder.path() / "objective.py", "objective", {}}, surroundings), InputError);
}

}  // namespace
}  // namespace hpogrid::trials::test
