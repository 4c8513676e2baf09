#pragma once

#include "engine/schedulers/registry.hpp"

namespace hpogrid::schedulers {

// Synchronous HyperBand after Ray Tune's HyperBandScheduler and HyperBandForBOHB: trials fill bracket after bracket;
// a trial that reaches its bracket's milestone is paused until all of them have; see HalvingBracket.
//
// Deviations, none of which changes which trials survive:
// - a bracket takes its number of trials in all and is halved when they have all reached the milestone, or when no
//   trial will come any more. Ray's HyperBandScheduler knows all trials from the beginning, so for it this is the same;
// - a trial that reaches max_t is completed at once instead of being kept until its whole bracket has;
// - paused trials that may go on do so before new ones start;
// - a trial that starts again from the beginning stays in its bracket.

/// `hyperband`: Ray's names and defaults (max_t 81, reduction_factor 3, stop_last_trials true, time_attr
/// "training_iteration"). Smallest bracket first: the one that trains a few trials to the end without halving.
[[nodiscard]] std::unique_ptr<Scheduler> make_hyperband(const SchedulerContext& context);

/// `bohbhyperband`: the same with the largest bracket first, which feeds the model of `bohb` with many short trials.
[[nodiscard]] std::unique_ptr<Scheduler> make_bohbhyperband(const SchedulerContext& context);

}  // namespace hpogrid::schedulers
