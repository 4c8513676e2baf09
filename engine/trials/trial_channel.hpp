#pragma once

#include "engine/study/trial.hpp"
#include "engine/trials/evaluator.hpp"
#include "engine/trials/process/file_descriptor.hpp"
#include "engine/trials/trial_environment.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hpogrid::trials {

/// What a trial says of a checkpoint that it saved.
struct SavedMessage {
    std::uint32_t number{0};
    std::uint64_t bytes{0};
};

/// `{"report":{"loss":0.1,"acc":"nan"},"refused":{"name":"'abc' (text)"},"iteration":3,
/// "checkpoint":{"number":1,"bytes":4096}}`; all keys but `report` optional.
struct ReportMessage {
    study::Metrics metrics;
    std::vector<std::pair<std::string, std::string>> refused;  ///< reported things that are no numbers
    std::optional<double> iteration;
    std::optional<SavedMessage> checkpoint;
};

/// `{"done":true,"at":…}`
struct DoneMessage {
    std::int64_t at{0};  ///< steady clock of this machine in ns when it was sent, 0 = not told
};

/// `{"left":true}`: ends now, with a checkpoint, because it was asked to
struct LeftMessage {};

/// `{"error":"text or traceback","kind":"exception"|"oom","at":…}`
struct ErrorMessage {
    std::string text;
    bool out_of_memory{false};
    std::int64_t at{0};  ///< as in DoneMessage
};

/// A valid JSON object that is none of the above: for evaluators that say more. `line` is the whole of it.
struct OtherMessage {
    std::string line;
};

/// What follows no format. The text says what is wrong.
struct MalformedMessage {
    std::string text;
};

using ProcessMessage =
    std::variant<ReportMessage, DoneMessage, LeftMessage, ErrorMessage, OtherMessage, MalformedMessage>;

/// Reads one line. Never throws.
[[nodiscard]] ProcessMessage parse_process_message(std::string_view line);

/// Reads an object of metrics alone, `{"loss":0.1,"acc":"nan"}`. Nothing if the text is no JSON object. Never throws.
[[nodiscard]] std::optional<ReportMessage> parse_metrics_object(std::string_view text);

/// The line (with its newline) that tells a process to run a trial:
/// `{"trial":7,"attempt":1,"configuration":{…},"folder":"/abs","seed":123,"checkpoint":"","milestone":9,
/// "environment":{…}}`, without `milestone` where there is none.
[[nodiscard]] std::string order_line(const TrialOrder& order, const std::filesystem::path& folder,
                                     const Environment& environment);

/// The line that lets a waiting process go on: `{"proceed":9}`, `{"proceed":null}` without a further milestone.
[[nodiscard]] std::string proceed_line(double milestone);
/// The line that ends the trial of a process that said `{"releasable":true}`; it may begin another one then.
inline constexpr std::string_view release_line = "{\"release\":true}\n";
/// The line that asks a process to end with its next checkpoint.
inline constexpr std::string_view leave_line = "{\"leave\":true}\n";

/// The worker's end of a Unix stream socket that carries JSON lines. Never waits, and reads a bounded amount a call.
class TrialChannel {
  public:
    static constexpr std::size_t longest_line = std::size_t{1} << 20;

    /// Takes over a connected socket.
    explicit TrialChannel(FileDescriptor socket);
    /// A channel and the other end for the child. Throws std::system_error when no descriptors are left.
    [[nodiscard]] static std::pair<TrialChannel, FileDescriptor> make_pair();

    /// Queues a line (with its newline) and sends what the socket takes.
    void send(std::string_view line);
    void flush();
    /// Appends what arrived, at most about 1 MiB. A line that is too long becomes one MalformedMessage.
    void receive(std::vector<ProcessMessage>& messages);

    /// False once the other side has gone and everything it wrote was received.
    [[nodiscard]] bool connected() const noexcept { return static_cast<bool>(socket_); }
    [[nodiscard]] int descriptor() const noexcept { return socket_.get(); }
    /// POLLIN, and POLLOUT while something is queued.
    [[nodiscard]] short poll_events() const noexcept;

  private:
    void take_lines(std::string_view bytes, std::vector<ProcessMessage>& messages);
    void take_line(std::string_view line, std::vector<ProcessMessage>& messages);

    FileDescriptor socket_;
    std::string unsent_;
    std::string unread_;
    bool skipping_{false};  ///< inside of a line that is too long
};

}  // namespace hpogrid::trials
