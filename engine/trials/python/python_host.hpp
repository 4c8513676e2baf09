#pragma once

#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"
#include "engine/trials/process/child_process.hpp"
#include "engine/trials/process/file_descriptor.hpp"
#include "engine/trials/process/output_pipe.hpp"
#include "engine/trials/python/python_installation.hpp"
#include "engine/trials/trial_environment.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hpogrid::trials {

// What the host says; the protocol is described in engine/python/hpogrid/_engine/control.py.

/// It is ready to make processes: forks of itself, or fresh interpreters.
struct HostReady {
    bool forks{true};
    std::string reason;
};
/// The script cannot be used: a traceback or one sentence. The host has ended.
struct HostImportError {
    std::string text;
};
struct HostPrepared {
    std::uint32_t number{0};
    pid_t process{0};
};
struct HostNotPrepared {
    std::uint32_t number{0};
    std::string error;
};
struct HostExited {
    pid_t process{0};
    ChildExit exit;
};
using HostNews = std::variant<HostReady, HostImportError, HostPrepared, HostNotPrepared, HostExited>;

/// The warm Python process (engine/python/hpogrid/host.py) that has imported the user's script and makes a process for
/// each trial. No member function waits. Its destructor ends it and with it every process that it made.
class PythonHost {
  public:
    /// Starts it. Throws std::runtime_error if that cannot be done.
    PythonHost(const PythonInstallation& installation, const PythonScript& script, const Surroundings& surroundings);

    /// Asks for a process that waits for an order on `channel` and prints to `output`; both are duplicated. False when
    /// the request cannot be sent now.
    [[nodiscard]] bool prepare(std::uint32_t number, const Environment& environment, int channel, int output);
    /// Appends what the host said.
    void receive(std::vector<HostNews>& news);
    /// What it and the import of the script print.
    void drain_output(const std::function<void(std::string_view)>& sink) { output_.drain(sink); }
    /// False once it has gone and everything it said was received.
    [[nodiscard]] bool connected() const noexcept { return static_cast<bool>(control_); }
    /// How it ended, once it has.
    [[nodiscard]] std::optional<ChildExit> try_wait() noexcept { return process_->try_wait(); }
    [[nodiscard]] pid_t id() const noexcept { return process_->id(); }
    void add_descriptors(std::vector<pollfd>& descriptors) const;

  private:
    FileDescriptor control_;
    OutputPipe output_;
    std::optional<ChildProcess> process_;
    std::vector<char> packet_;
};

/// Imports the script in a process of its own and looks for the model. Nothing if both are fine, else why not: a
/// traceback or a sentence. Waits, at most `patience` (zero: as long as it takes). Throws InputError when Python is not
/// there.
[[nodiscard]] std::optional<std::string> check_python_script(const PythonScript& script,
                                                             const Surroundings& surroundings,
                                                             std::chrono::seconds patience = std::chrono::seconds{0});

/// The sentence for people about what check_python_script() or a host said.
[[nodiscard]] std::string cannot_be_used(const PythonScript& script, const PythonInstallation& installation,
                                         std::string_view problem);

}  // namespace hpogrid::trials
