#pragma once

#include "engine/trials/process/file_descriptor.hpp"

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hpogrid::trials {

/// How a process ended: by itself with a code, or by a signal.
struct ChildExit {
    int code{0};
    int signal{0};  ///< 0 = ended by itself

    [[nodiscard]] bool success() const noexcept { return code == 0 && signal == 0; }
};

/// "exited with code 3", "killed by SIGSEGV (segmentation fault)".
[[nodiscard]] std::string to_string(ChildExit exit);

/// What a new process is given. Everything else (other descriptors, signal mask, signal dispositions) is at its
/// default.
struct SpawnRequest {
    /// First the program: a path (a name without '/' is not searched in PATH, see core/find_program.hpp).
    std::vector<std::string> arguments;
    /// The whole environment, entries NAME=value.
    std::vector<std::string> environment;
    std::filesystem::path working_directory;  ///< empty = that of this process
    int standard_input{-1};                   ///< −1 = /dev/null, here and in the next two
    int standard_output{-1};
    int standard_error{-1};
    /// Become the descriptors 3, 4, … of the new process.
    std::vector<int> inherited;
};

struct SpawnFailure {
    std::string reason;
};

/// A child process that leads a session and a process group of its own, and dies (SIGKILL) with the thread that started
/// it. Its destructor kills the group and reaps the child. No member function waits, the destructor only for a child
/// that was sent SIGKILL.
class ChildProcess {
  public:
    [[nodiscard]] static std::variant<ChildProcess, SpawnFailure> spawn(const SpawnRequest& request);

    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&& other) noexcept;
    ~ChildProcess();

    /// Process id, session id and process group id at once.
    [[nodiscard]] pid_t id() const noexcept { return id_; }
    /// Readable when the process has ended; −1 where the kernel has no pidfd (then poll with a timeout).
    [[nodiscard]] int descriptor() const noexcept { return descriptor_.get(); }
    /// To the whole group; no error if nobody is left.
    void signal_group(int signal) const noexcept;
    /// How it ended, once it has. Reaps the process; further calls return the same.
    [[nodiscard]] std::optional<ChildExit> try_wait() noexcept;

  private:
    explicit ChildProcess(pid_t id);
    void end() noexcept;

    pid_t id_{0};
    FileDescriptor descriptor_;
    std::optional<ChildExit> exit_;
};

}  // namespace hpogrid::trials
