#pragma once

#include "engine/core/ids.hpp"
#include "engine/optimizers/optimizer.hpp"

#include <cstddef>
#include <cstdint>
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
};

/// End the running attempt; the worker answers with TrialEnded{stopped}, unless it ended by itself before.
struct StopTrial {
    TrialId trial;
    std::uint32_t attempt{1};
    WorkerId worker;
};

/// Every trial has ended and none will follow.
struct FinishStudy {};

using Action = std::variant<AskOptimizer, TellOptimizer, StartTrial, StopTrial, FinishStudy>;

}  // namespace hpogrid::study
