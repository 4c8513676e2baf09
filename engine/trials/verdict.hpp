#pragma once

#include "engine/study/event.hpp"
#include "engine/trials/attempt_watch.hpp"
#include "engine/trials/process/child_process.hpp"
#include "engine/trials/report_book.hpp"
#include "engine/trials/trial_channel.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace hpogrid::trials {

/// Whether this process has been told to end (SIGTERM, SIGINT, SIGUSR1) and has those signals blocked, as workers do
/// who leave what follows to the controller.
[[nodiscard]] bool told_to_end() noexcept;

/// Batch systems signal the processes of a job one after the other: so long after the death of a trial's process the
/// signal to its worker may still be on its way.
constexpr std::chrono::seconds longest_signalling{1};

/// Whether `exit` is how a batch system ends the processes of a job (SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGKILL, or what
/// a shell makes of them), nothing else explains it, and the worker may still be told so. `since` counts from the exit.
[[nodiscard]] bool too_early_to_judge(const AttemptWatch& watch, const ChildExit& exit,
                                      std::chrono::steady_clock::duration since) noexcept;

/// All that is known of an attempt that has ended.
struct Evidence {
    const AttemptWatch& watch;
    const ReportBook& reports;
    std::optional<ChildExit> exit;      ///< of its process, if it had one of its own and it is known
    std::optional<ErrorMessage> error;  ///< what the process said
    bool done{false};                   ///< the process said that it is done
    bool oom_killed{false};             ///< the kernel's count of such deaths rose while it ran
    std::string last_lines;             ///< of its log
    bool worker_ends{told_to_end()};    ///< its worker has been told to end
};

struct Verdict {
    study::Outcome outcome{study::Outcome::completed};
    std::string error;  ///< empty for completed, stopped and cancelled
};

/// What fails while its worker is told to end is cancelled: batch systems send their signal to every process of a job.
/// Otherwise an imposed end counts first, then what the process said, then how it ended, then whether it reported a
/// score. An error that is no traceback quotes the end of the log.
[[nodiscard]] Verdict judge(const Evidence& evidence);

}  // namespace hpogrid::trials
