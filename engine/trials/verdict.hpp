#pragma once

#include "engine/study/event.hpp"
#include "engine/trials/attempt_watch.hpp"
#include "engine/trials/process/child_process.hpp"
#include "engine/trials/report_book.hpp"
#include "engine/trials/trial_channel.hpp"

#include <optional>
#include <string>

namespace hpogrid::trials {

/// All that is known of an attempt that has ended.
struct Evidence {
    const AttemptWatch& watch;
    const ReportBook& reports;
    std::optional<ChildExit> exit;      ///< of its process, if it had one of its own and it is known
    std::optional<ErrorMessage> error;  ///< what the process said
    bool done{false};                   ///< the process said that it is done
    bool oom_killed{false};             ///< the kernel's count of such deaths rose while it ran
    std::string last_lines;             ///< of its log
};

struct Verdict {
    study::Outcome outcome{study::Outcome::completed};
    std::string error;  ///< empty for completed, stopped and cancelled
};

/// An imposed end counts first, then what the process said, then how it ended, then whether it reported a score.
/// An error that is no traceback quotes the end of the log.
[[nodiscard]] Verdict judge(const Evidence& evidence);

}  // namespace hpogrid::trials
