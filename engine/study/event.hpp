#pragma once

#include "engine/core/ids.hpp"
#include "engine/study/checkpoint.hpp"
#include "engine/study/trial.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace hpogrid::study {

// What can happen to a study. Events are facts: the journal keeps them, replaying them rebuilds the study, and workers
// send theirs in the same encoding (event_codec.hpp). Times are seconds since the epoch, UTC, by the clock of whoever
// saw the event.

/// A rank is ready to evaluate trials.
struct WorkerJoined {
    WorkerId worker;
    std::uint32_t slots{1};
    std::string host;
    std::string gpu;  ///< name and UUID, empty without one
    double time{0.0};
};

/// A rank died or fell silent: whatever it was running is gone.
struct WorkerLost {
    WorkerId worker;
    std::string reason;
    double time{0.0};
};

/// The optimiser or the user proposed the next trial; its id is the number of suggestions before it.
struct Suggested {
    space::Point point;
    std::string origin;
};

/// The optimiser has nothing more to propose.
struct SuggestionsExhausted {};

/// A worker began to evaluate a trial.
struct TrialStarted {
    TrialId trial;
    std::uint32_t attempt{1};
    WorkerId worker;
    SlotId slot;
    double time{0.0};
};

struct TrialReported {
    TrialId trial;
    std::uint32_t attempt{1};
    Report report;
};

/// Why an attempt ended, as the worker saw it.
enum class Outcome : std::uint8_t {
    completed = 0,  ///< ended by itself without an error
    stopped = 1,    ///< ended because the study said so (scheduler or `stop` condition)
    failed = 2,
    timeout = 3,
    oom = 4,
    cancelled = 5,  ///< ended because the whole study stops
};

[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;

struct TrialEnded {
    TrialId trial;
    std::uint32_t attempt{1};
    Outcome outcome{Outcome::completed};
    std::string error;
    std::string log;
    double time{0.0};
};

enum class StopReason : std::uint8_t { signal = 0, time_budget = 1, user = 2 };

/// Nothing new is to be started. Running trials may end by themselves until the cluster cancels them.
struct StopRequested {
    StopReason reason{StopReason::signal};
    double time{0.0};
};

/// A new controller process continues the study: no earlier worker is alive, an earlier stop request is void.
struct StudyResumed {
    double time{0.0};
};

/// A running trial saved its state; the checkpoint is whole. Sent before the report that it belongs to. Once that has
/// come, the trial goes on from there; if it never comes, the trial goes on from the one before.
struct CheckpointSaved {
    Checkpoint checkpoint;
};

/// The checkpoint that a trial was to go on from is not there. The attempt was not started.
struct CheckpointLost {
    TrialId trial;
    std::uint32_t attempt{1};
    std::string reason;
};

/// How many trials the study is to have, from now on. What schedulers decide depends on it.
struct StudyPlanned {
    std::uint64_t num_trials{0};
};

/// Until the study ends or is resumed, nothing is to be started that is not expected to come to its end, or to where it
/// is judged next, by the deadline.
struct DeadlineSet {
    double deadline{0.0};
    double time{0.0};
};

/// With a deadline, the controller says what time it is before it tells other events.
struct TimePassed {
    double time{0.0};
};

using Event =
    std::variant<WorkerJoined, WorkerLost, Suggested, SuggestionsExhausted, TrialStarted, TrialReported, TrialEnded,
                 StopRequested, StudyResumed, CheckpointSaved, CheckpointLost, StudyPlanned, DeadlineSet, TimePassed>;

}  // namespace hpogrid::study
