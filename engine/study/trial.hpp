#pragma once

#include "engine/core/ids.hpp"
#include "engine/space/value.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hpogrid::study {

/// Life of a trial: queued → assigned → running → one of the final states. A lost or retried trial is queued again
/// with the next attempt; a paused one is assigned again with the next attempt. `assigned` means: sent to a worker that
/// has not started it yet.
enum class TrialState : std::uint8_t {
    queued = 0,
    assigned = 1,
    running = 2,
    paused = 3,      ///< waits for the scheduler to let it go on
    completed = 4,   ///< ended by itself or by a `stop` condition, with a finite score
    stopped = 5,     ///< ended early by the scheduler, with a finite score
    failed = 6,      ///< raised, crashed, or gave no finite score
    timeout = 7,     ///< ran or was silent longer than allowed
    oom = 8,         ///< ran out of host or GPU memory
    lost = 9,        ///< its workers died, more often than it may be queued again
    cancelled = 10,  ///< the study was stopped before it ended
};

[[nodiscard]] std::string_view to_string(TrialState state) noexcept;
[[nodiscard]] constexpr bool is_final(TrialState state) noexcept {
    return state >= TrialState::completed;
}
/// Final with a score that counts.
[[nodiscard]] constexpr bool is_success(TrialState state) noexcept {
    return state == TrialState::completed || state == TrialState::stopped;
}

/// Left as it is by a stop, until the study is resumed. What it has reached counts until then.
[[nodiscard]] constexpr bool is_unfinished(TrialState state) noexcept {
    return state == TrialState::paused || state == TrialState::cancelled;
}

using Metrics = std::vector<std::pair<std::string, double>>;

/// One report of a training script. Values need not be finite.
struct Report {
    double iteration{0.0};  ///< `training_iteration`, counted from 1
    double time{0.0};       ///< seconds since the epoch, UTC
    Metrics metrics;        ///< every reported number, with `training_iteration` and `time_total_s`
};

/// What the study knows of a trial. Missing numbers are NaN; times are seconds since the epoch, UTC.
struct Trial {
    static constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    static constexpr std::uint32_t no_checkpoint = ~std::uint32_t{0};

    TrialId id;
    TrialState state{TrialState::queued};
    std::uint32_t attempt{1};
    std::uint32_t failures{0};  ///< attempts that failed by the trial's own fault
    std::uint32_t losses{0};    ///< attempts that died with their worker
    WorkerId worker;
    SlotId slot;
    /// What it goes on from, in the study's CheckpointBook: its own last one, or the one that it was given.
    std::uint32_t checkpoint{no_checkpoint};
    space::Point point;
    std::string origin;
    double started{missing};  ///< start of the current or last attempt
    double ended{missing};
    double iterations{0.0};
    /// Value of every metric (indexed by MetricTable) at the report with the best objective, and at the last report.
    std::vector<double> best_metrics;
    std::vector<double> last_metrics;
    std::string error;  ///< why it did not succeed: one line, or a traceback
    std::string log;    ///< path of its log, empty if it wrote none
};

}  // namespace hpogrid::study
