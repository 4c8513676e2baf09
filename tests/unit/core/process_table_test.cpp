#include "engine/core/process_table.hpp"

#include <gmock/gmock.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

namespace hpogrid {
namespace {

bool contains(const std::vector<ProcessEntry>& processes, pid_t id) {
    return std::any_of(processes.begin(), processes.end(), [id](const ProcessEntry& entry) { return entry.id == id; });
}

/// A child that sleeps until it is killed.
class Sleeper {
  public:
    Sleeper() : id_{::fork()} {
        if (id_ == 0) {
            ::pause();
            ::_exit(0);
        }
    }
    ~Sleeper() {
        ::kill(id_, SIGKILL);
        ::waitpid(id_, nullptr, 0);
    }
    Sleeper(const Sleeper&) = delete;
    Sleeper& operator=(const Sleeper&) = delete;

    [[nodiscard]] pid_t id() const noexcept { return id_; }

  private:
    pid_t id_;
};

TEST(ProcessTableTest, ListsChildrenUntilTheyAreReaped) {
    pid_t id = 0;
    {
        const Sleeper child;
        id = child.id();
        EXPECT_TRUE(contains(children_of_this_process(), id));
        EXPECT_TRUE(contains(all_processes(), id));
    }
    EXPECT_FALSE(contains(children_of_this_process(), id));
    EXPECT_FALSE(contains(all_processes(), id));
}

TEST(ProcessTableTest, TellsTheDeadFromTheLiving) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(0);
    }
    siginfo_t ended{};
    ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT);
    const Sleeper sleeper;

    for (const ProcessEntry& entry : children_of_this_process()) {
        EXPECT_EQ(entry.is_exiting(), entry.id == child) << entry.id;
    }
    ::waitpid(child, nullptr, 0);
}

TEST(ProcessTableTest, KnowsTheParent) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(std::filesystem::exists(folder_of_parent() / "exe") &&
                        std::filesystem::read_symlink(folder_of_parent() / "exe") ==
                            std::filesystem::read_symlink("/proc/self/exe")
                    ? 0
                    : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
}

TEST(ProcessTableTest, ReadsTheEnvironmentThatAProgramWasStartedWith) {
    const std::vector<ProcessEntry> processes = all_processes();
    const auto self = std::find_if(processes.begin(), processes.end(),
                                   [](const ProcessEntry& entry) { return entry.id == ::getpid(); });

    ASSERT_NE(self, processes.end());
    EXPECT_THAT(self->environment(), testing::HasSubstr("PATH="));
}

constexpr int not_permitted = 77;

/// Runs as the first process of a pid namespace that still sees the surrounding /proc.
int seen_within_a_namespace() {
    const Sleeper child;
    const std::vector<ProcessEntry> children = children_of_this_process();
    if (::getpid() != 1 || children.size() != 1 || children.front().id != child.id()) {
        return 1;
    }
    const std::vector<ProcessEntry> all = all_processes();
    return contains(all, 1) && contains(all, child.id()) ? 0 : 2;
}

TEST(ProcessTableTest, SpeaksOfOwnIdsWhereProcIsThatOfASurroundingNamespace) {
    const pid_t outer = ::fork();
    if (outer == 0) {
        if (::unshare(CLONE_NEWPID) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0) {
            ::_exit(not_permitted);
        }
        const pid_t inner = ::fork();
        if (inner == 0) {
            ::_exit(seen_within_a_namespace());
        }
        int status = 0;
        ::waitpid(inner, &status, 0);
        ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 3);
    }
    int status = 0;
    ::waitpid(outer, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == not_permitted) {
        GTEST_SKIP() << "this system does not let us make a pid namespace";
    }
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace hpogrid
