#include "engine/trials/process/child_process.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>

namespace hpogrid::trials {
namespace {

/// Longest wait for a child that was sent SIGKILL; one that hangs in the kernel (a dead network disk) is left to init.
constexpr int longest_reap_ms = 2000;
/// Makes the kernel's out-of-memory killer choose a trial rather than the worker.
constexpr char oom_preference[] = "500";

enum class Stage { none, folder, descriptors, program };

/// What the new process needs, prepared before the fork: afterwards memory is shared with the parent and nothing may be
/// allocated.
struct Plan {
    std::vector<char*> arguments;
    std::vector<char*> environment;
    const char* folder{nullptr};
    std::vector<int> descriptors;  ///< become 0, 1, 2, …; −1 = /dev/null
    std::vector<int> copies;       ///< scratch of the same length
    pid_t parent{0};
    sigset_t no_signals{};
};

struct Failure {
    volatile Stage stage{Stage::none};
    volatile int error{0};
};

void reset_signals(const Plan& plan) {
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal) {
        ::sigaction(signal, &standard, nullptr);
    }
    ::sigprocmask(SIG_SETMASK, &plan.no_signals, nullptr);
}

void prefer_for_oom() {
    if (const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC); file >= 0) {
        [[maybe_unused]] const auto written = ::write(file, oom_preference, sizeof oom_preference - 1);
        ::close(file);
    }
}

/// Moves all sources above the targets first, so that none is overwritten before it is used.
bool place_descriptors(Plan& plan) {
    const int count = static_cast<int>(plan.descriptors.size());
    for (int i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        int source = plan.descriptors[at];
        if (source < 0) {
            source = ::open("/dev/null", O_RDWR | O_CLOEXEC);
        }
        plan.copies[at] = ::fcntl(source, F_DUPFD_CLOEXEC, count);
        if (plan.copies[at] < 0) {
            return false;
        }
    }
    for (int i = 0; i < count; ++i) {
        if (::dup2(plan.copies[static_cast<std::size_t>(i)], i) < 0) {
            return false;
        }
    }
    if (::close_range(static_cast<unsigned>(count), ~0U, 0) != 0) {
        const long limit = ::sysconf(_SC_OPEN_MAX);
        for (int i = count; i < (limit > 65536 ? 65536 : limit); ++i) {
            ::close(i);
        }
    }
    return true;
}

[[noreturn, gnu::noinline]] void become(Plan& plan, Failure& failure) {
    const auto fail = [&](Stage stage) {
        failure.error = errno;
        failure.stage = stage;
        ::_exit(127);
    };
    ::setsid();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != plan.parent) {
        ::_exit(127);
    }
    prefer_for_oom();
    if (plan.folder != nullptr && ::chdir(plan.folder) != 0) {
        fail(Stage::folder);
    }
    if (!place_descriptors(plan)) {
        fail(Stage::descriptors);
    }
    reset_signals(plan);
    ::execve(plan.arguments[0], plan.arguments.data(), plan.environment.data());
    fail(Stage::program);
    std::abort();
}

/// Like vfork(): the parent waits until the child has its program, so no page table is copied and a failure to start is
/// known at once. Signals are blocked meanwhile, so that no handler of the parent runs in the child.
pid_t fork_and_become(Plan& plan, Failure& failure) {
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t child = ::vfork();
    if (child == 0) {
        become(plan, failure);
    }
    const int error = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return child;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (const std::string& text : texts) {
        result.push_back(const_cast<char*>(text.c_str()));
    }
    result.push_back(nullptr);
    return result;
}

std::string explain(const SpawnRequest& request, Stage stage, int error) {
    const char* why = std::strerror(error);
    switch (stage) {
        case Stage::folder:
            return fmt::format("cannot work in folder {}: {}", request.working_directory.string(), why);
        case Stage::descriptors:
            return fmt::format("cannot set up descriptors for {}: {}", request.arguments[0], why);
        default:
            return fmt::format("cannot start {}: {}", request.arguments[0], why);
    }
}

/// By number: the header of glibc 2.36 cannot be used from C++. The kernel sets close-on-exec.
int open_pidfd(pid_t process) {
    return static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
}

std::string signal_name(int signal) {
    const char* name = ::sigabbrev_np(signal);
    const char* description = ::sigdescr_np(signal);
    if (name == nullptr || description == nullptr) {
        return fmt::format("signal {}", signal);
    }
    std::string lower = description;
    lower[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(lower[0])));
    return fmt::format("SIG{} ({})", name, lower);
}

}  // namespace

std::string to_string(ChildExit exit) {
    return exit.signal != 0 ? "killed by " + signal_name(exit.signal) : fmt::format("exited with code {}", exit.code);
}

std::variant<ChildProcess, SpawnFailure> ChildProcess::spawn(const SpawnRequest& request) {
    Plan plan;
    plan.arguments = pointers(request.arguments);
    plan.environment = pointers(request.environment);
    plan.folder = request.working_directory.empty() ? nullptr : request.working_directory.c_str();
    plan.descriptors = {request.standard_input, request.standard_output, request.standard_error};
    plan.descriptors.insert(plan.descriptors.end(), request.inherited.begin(), request.inherited.end());
    plan.copies.resize(plan.descriptors.size());
    plan.parent = ::getpid();
    ::sigemptyset(&plan.no_signals);

    Failure failure;
    const pid_t child = fork_and_become(plan, failure);
    if (child < 0) {
        return SpawnFailure{
            fmt::format("cannot start {}: no process could be made ({})", request.arguments[0], std::strerror(errno))};
    }
    if (failure.stage != Stage::none) {
        ::waitpid(child, nullptr, 0);
        return SpawnFailure{explain(request, failure.stage, failure.error)};
    }
    return ChildProcess{child};
}

ChildProcess::ChildProcess(pid_t id) : id_{id}, descriptor_{open_pidfd(id)} {}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : id_{std::exchange(other.id_, 0)}, descriptor_{std::move(other.descriptor_)}, exit_{other.exit_} {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(descriptor_, other.descriptor_);
    std::swap(exit_, other.exit_);
    return *this;
}

ChildProcess::~ChildProcess() {
    end();
}

void ChildProcess::signal_group(int signal) const noexcept {
    if (id_ > 0) {
        ::kill(-id_, signal);
    }
}

std::optional<ChildExit> ChildProcess::try_wait() noexcept {
    if (exit_ || id_ <= 0) {
        return exit_;
    }
    int status = 0;
    const pid_t reaped = ::waitpid(id_, &status, WNOHANG);
    if (reaped == id_) {
        exit_ = WIFSIGNALED(status) ? ChildExit{0, WTERMSIG(status)} : ChildExit{WEXITSTATUS(status), 0};
        descriptor_.close();
    } else if (reaped < 0 && errno == ECHILD) {
        exit_ = ChildExit{};  // somebody else reaped it: its end is certain, its status lost
        descriptor_.close();
    }
    return exit_;
}

void ChildProcess::end() noexcept {
    if (id_ <= 0) {
        return;
    }
    signal_group(SIGKILL);
    for (int waited = 0; !try_wait() && waited < longest_reap_ms; ++waited) {
        pollfd ended{descriptor_.get(), POLLIN, 0};
        ::poll(&ended, descriptor_ ? 1 : 0, 1);
    }
}

}  // namespace hpogrid::trials
