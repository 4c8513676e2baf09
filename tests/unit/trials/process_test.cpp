#include "engine/trials/process/child_process.hpp"
#include "engine/trials/process/output_pipe.hpp"
#include "engine/trials/process/process_tree.hpp"
#include "engine/trials/trial_environment.hpp"
#include "tests/unit/trials/evaluator_driver.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <utility>

namespace hpogrid::trials::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

SpawnRequest shell(const std::string& script) {
    SpawnRequest request;
    request.arguments = {"/bin/sh", "-c", script};
    request.environment = {"PATH=/usr/bin:/bin"};
    return request;
}

ChildProcess spawn(const SpawnRequest& request) {
    auto spawned = ChildProcess::spawn(request);
    if (auto* failure = std::get_if<SpawnFailure>(&spawned)) {
        throw std::runtime_error{failure->reason};
    }
    return std::move(std::get<ChildProcess>(spawned));
}

ChildExit wait_for(ChildProcess& child) {
    for (int i = 0; i < 1000; ++i) {
        if (const auto exit = child.try_wait()) {
            return *exit;
        }
        pollfd ended{child.descriptor(), POLLIN, 0};
        ::poll(&ended, 1, 10);
    }
    throw std::runtime_error{"the child did not end"};
}

std::string output_of(SpawnRequest request) {
    OutputPipe pipe;
    request.standard_output = pipe.write_end();
    ChildProcess child = spawn(request);
    pipe.close_write_end();
    std::string text;
    while (pipe.descriptor() >= 0) {
        pollfd readable{pipe.descriptor(), POLLIN, 0};
        ::poll(&readable, 1, 1000);
        pipe.drain([&](std::string_view part) { text += part; });
    }
    wait_for(child);
    return text;
}

TEST(ChildProcessTest, TellsExitCodesFromSignals) {
    ChildProcess exits = spawn(shell("exit 3"));
    ChildProcess dies = spawn(shell("kill -9 $$"));

    EXPECT_EQ(to_string(wait_for(exits)), "exited with code 3");
    EXPECT_EQ(to_string(wait_for(dies)), "killed by SIGKILL (killed)");
    EXPECT_EQ(wait_for(exits).code, 3) << "asking again gives the same";
}

TEST(ChildProcessTest, DescriptorBecomesReadableWhenItEnds) {
    ChildProcess child = spawn(shell("read line"));
    pollfd ended{child.descriptor(), POLLIN, 0};

    EXPECT_EQ(::poll(&ended, 1, 5000), 1);
    EXPECT_TRUE(child.try_wait().has_value());
}

TEST(ChildProcessTest, FailureToStartIsAValueThatSaysWhy) {
    SpawnRequest no_program = shell("");
    no_program.arguments = {"/no/such/program"};
    SpawnRequest no_folder = shell("");
    no_folder.working_directory = "/no/such/folder";

    const auto first = ChildProcess::spawn(no_program);
    const auto second = ChildProcess::spawn(no_folder);

    EXPECT_EQ(std::get<SpawnFailure>(first).reason, "cannot start /no/such/program: No such file or directory");
    EXPECT_EQ(std::get<SpawnFailure>(second).reason,
              "cannot work in folder /no/such/folder: No such file or directory");
    EXPECT_TRUE(nothing_is_left());
}

TEST(ChildProcessTest, LeadsASessionAndAGroupOfItsOwn) {
    ChildProcess child = spawn(shell("sleep 1000"));

    EXPECT_EQ(::getsid(child.id()), child.id());
    EXPECT_EQ(::getpgid(child.id()), child.id());
}

TEST(ChildProcessTest, HasOnlyTheDescriptorsThatItWasGiven) {
    const FileDescriptor stray{::open("/dev/zero", O_RDONLY)};  // without close-on-exec
    OutputPipe first;
    OutputPipe second;
    SpawnRequest request = shell("ls -l /proc/self/fd | grep -c -e pipe -e zero; readlink /proc/self/fd/0");
    request.inherited = {second.write_end(), first.write_end()};

    EXPECT_EQ(output_of(request), "3\n/dev/null\n") << "its output and the two given ones";
}

TEST(ChildProcessTest, InheritedDescriptorsBecomeThreeFourAndSoOnWhateverTheirNumbers) {
    OutputPipe a;
    OutputPipe b;
    SpawnRequest request = shell("echo three >&3; echo four >&4");
    request.inherited = {b.write_end(), a.write_end()};
    ChildProcess child = spawn(request);
    wait_for(child);

    std::string from_a;
    std::string from_b;
    a.drain([&](std::string_view text) { from_a += text; });
    b.drain([&](std::string_view text) { from_b += text; });
    EXPECT_EQ(from_b, "three\n");
    EXPECT_EQ(from_a, "four\n");
}

TEST(ChildProcessTest, SignalsAreAtTheirDefaultsWhateverThisProcessIgnoresOrBlocks) {
    ::signal(SIGPIPE, SIG_IGN);
    sigset_t blocked;
    sigset_t before;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);

    const std::string status = output_of(shell("grep -E '^Sig(Blk|Ign)' /proc/self/status"));

    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    EXPECT_EQ(status, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST(ChildProcessTest, IsPreferredByTheOutOfMemoryKiller) {
    EXPECT_EQ(output_of(shell("cat /proc/self/oom_score_adj")), "500\n");
}

TEST(ChildProcessTest, DestructionEndsTheWholeGroup) {
    {
        ChildProcess child = spawn(shell("trap '' TERM; sleep 1000 & sleep 1000"));
        ::usleep(50'000);
    }
    become_subreaper();  // harmless, and lets the orphan be reaped below
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    EXPECT_TRUE(nothing_is_left());
}

TEST(ChildProcessTest, DiesWithTheProcessThatStartedIt) {
    become_subreaper();
    OutputPipe pipe;
    const pid_t parent = ::fork();
    if (parent == 0) {
        auto child = std::make_unique<ChildProcess>(spawn(shell("exec sleep 1000")));
        const std::string id = std::to_string(child->id());
        [[maybe_unused]] const auto written = ::write(pipe.write_end(), id.c_str(), id.size());
        ::raise(SIGKILL);
    }
    ::waitpid(parent, nullptr, 0);
    std::string text;
    pipe.drain([&](std::string_view part) { text += part; });

    const pid_t orphan = std::stoi(text);
    int status = 0;
    EXPECT_EQ(::waitpid(orphan, &status, 0), orphan);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

TEST(ProcessTreeTest, EndsEveryGenerationOfAFamilyAndNobodyElse) {
    ProcessTree tree;
    const std::string token = make_token();
    SpawnRequest request = shell("setsid sh -c 'setsid sleep 1000 & sleep 1000' & sleep 0.1; exit 0");
    request.environment.push_back("HPOGRID_TRIAL=" + token);
    SpawnRequest other_request = shell("setsid sleep 1000 & sleep 1000");
    other_request.environment.push_back("HPOGRID_TRIAL=" + make_token());
    ChildProcess other = spawn(other_request);
    tree.add(other.id());
    ChildProcess child = spawn(request);
    const ProcessFamily family{child.id(), token};
    wait_for(child);

    int calls = 0;
    while (!tree.end(family) && ++calls < 500) {
        ::usleep(2'000);
    }

    EXPECT_LT(calls, 500);
    EXPECT_FALSE(other.try_wait().has_value());
    other.signal_group(SIGKILL);
    wait_for(other);
    tree.remove(other.id());
    while (!tree.end({other.id(), ""}) && ++calls < 500) {
        ::usleep(2'000);
    }
    EXPECT_TRUE(nothing_is_left());
}

TEST(ProcessTreeTest, SparesChildrenThatWereThereBefore) {
    ChildProcess before = spawn(shell("sleep 1000"));
    ProcessTree tree;

    EXPECT_TRUE(tree.end({0, "no-such-token"}));

    EXPECT_FALSE(before.try_wait().has_value());
}

TEST(TrialEnvironmentTest, NothingOfMpiIsInherited) {
    for (const char* name : {"OMPI_MCA_btl", "PMIX_NAMESPACE", "PMI_RANK", "ORTE_X", "PRTE_X", "MPI_LOCALRANKID",
                             "HYDRA_X", "I_MPI_X", "SLURM_STEP_ID", "SLURM_STEPID", "SLURM_PROCID", "SLURM_NTASKS"}) {
        EXPECT_TRUE(is_of_mpi(name)) << name;
    }
    for (const char* name : {"PATH", "HOME", "SLURM_JOB_ID", "SLURM_CPUS_PER_TASK", "OMP_NUM_THREADS", "PMIX"}) {
        EXPECT_FALSE(is_of_mpi(name)) << name;
    }
    ::setenv("PMIX_RANK", "1", 1);
    ::setenv("HPOGRID_TRIAL", "of somebody else", 1);
    const Environment environment = inherited_environment();
    ::unsetenv("HPOGRID_TRIAL");
    EXPECT_FALSE(environment.contains("PMIX_RANK"));
    EXPECT_FALSE(environment.contains("HPOGRID_TRIAL"));
    EXPECT_TRUE(environment.contains("PATH"));
}

TEST(TrialEnvironmentTest, DescribesTheAttempt) {
    Surroundings surroundings = surroundings_in("/somewhere", 2);
    surroundings.gpus_of_slot = {"GPU-a", "GPU-b"};
    surroundings.threads = 4;
    surroundings.stop = {{"training_iteration", 20}};
    TrialOrder what = order(12);
    what.attempt = 2;
    what.checkpoint = "/somewhere/checkpoint";

    const Environment environment = attempt_environment(surroundings, SlotId{1}, what, "/folder", "token");

    const Environment expected{{"CUDA_VISIBLE_DEVICES", "GPU-b"},
                               {"OMP_NUM_THREADS", "4"},
                               {"MKL_NUM_THREADS", "4"},
                               {"HPOGRID_TRIAL_DIR", "/folder"},
                               {"HPOGRID_TRIAL_ID", "12"},
                               {"HPOGRID_ATTEMPT", "2"},
                               {"HPOGRID_SEED", "42"},
                               {"HPOGRID_CHECKPOINT", "/somewhere/checkpoint"},
                               {"HPOGRID_METRIC", "loss"},
                               {"HPOGRID_STOP", R"({"training_iteration":20.0})"},
                               {"HPOGRID_DATA_DIR", "/somewhere/data"},
                               {"HPOGRID_TRIAL", "token"},
                               {"PYTHONUNBUFFERED", "1"}};
    for (const auto& entry : expected) {
        EXPECT_THAT(environment, Contains(entry));
    }
    EXPECT_THAT(entries({{"HOME", "/root"}, {"HPOGRID_SEED", "1"}}, environment), Contains("HPOGRID_SEED=42"));
    EXPECT_THAT(entries({{"HOME", "/root"}, {"HPOGRID_SEED", "1"}}, environment), Not(Contains("HPOGRID_SEED=1")));
    EXPECT_NE(make_token(), make_token());
}

}  // namespace
}  // namespace hpogrid::trials::test
