#pragma once

#include "engine/core/ids.hpp"
#include "engine/optimizers/optimizer.hpp"
#include "engine/schedulers/scheduler.hpp"
#include "engine/study/checkpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

namespace hpogrid::study {

// What the study wants done. Whoever drives it (MPI controller, simulator) carries the actions out in order.

/// Compute this many more suggestions; each comes back as a Suggested event, a shortfall as SuggestionsExhausted.
struct AskOptimizer {
    std::size_t count{1};
};

struct TellOptimizer {
    optimizers::Observation observation;
};

/// Send the trial to the worker. It may be sent before a slot is free, so that the worker never waits.
struct StartTrial {
    TrialId trial;
    std::uint32_t attempt{1};
    WorkerId worker;
    std::optional<Checkpoint> checkpoint{};          ///< to go on from
    double milestone{schedulers::Scheduler::never};  ///< see ProceedTrial
};

/// The running attempt has reached its milestone and waits: it may go on to the next one.
struct ProceedTrial {
    TrialId trial;
    std::uint32_t attempt{1};
    WorkerId worker;
    /// Time (Scheduler::time_attribute()) from which on it saves a checkpoint with its report and waits.
    double milestone{schedulers::Scheduler::never};
};

/// End the running attempt; the worker answers with TrialEnded{stopped}, unless it ended by itself before.
struct StopTrial {
    TrialId trial;
    std::uint32_t attempt{1};
    WorkerId worker;
};

/// Nobody needs this checkpoint any more. Its files may be gone already.
struct RemoveCheckpoint {
    Checkpoint checkpoint;
};

/// Every trial has ended and none will follow.
struct FinishStudy {};

using Action =
    std::variant<AskOptimizer, TellOptimizer, StartTrial, ProceedTrial, StopTrial, RemoveCheckpoint, FinishStudy>;

}  // namespace hpogrid::study
