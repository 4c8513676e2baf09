#pragma once

#include "engine/schedulers/registry.hpp"

namespace hpogrid::schedulers {

/// `pbt`: population based training. At intervals, a trial among the worst takes over weights and hyperparameters of
/// one among the best and changes the hyperparameters; see Mutation.
///
/// Source: Jaderberg et al., 2017, in the form of Ray Tune's PopulationBasedTraining with its names and defaults
/// (time_attr "time_total_s", perturbation_interval 60, burn_in_period 0, quantile_fraction 0.25, resample_probability
/// 0.25, perturbation_factors [1.2, 0.8], synch false; require_attrs and log_config are accepted, reports without the
/// metric are passed over). Quantiles are of the last scores of the trials that have not ended, NaN left out; the size
/// of a quantile is rounded up, at most half of the trials. A trial can be a source from the moment when it was among
/// the best at a perturbation of its own. With more trials than places, the population takes turns: a trial that has
/// had its interval gives its place to the one that has trained least. With synch, all trials wait for each other.
///
/// Deviations: with synch, meetings are at multiples of the interval, whatever a trial has behind it: one that began
/// anew runs up to the others. The trial that arrives last goes on in its place unless it exploits another, the
/// population also moves on when the trial that it waited for has ended, and a trial without a checkpoint does not
/// wait.
[[nodiscard]] std::unique_ptr<Scheduler> make_pbt(const SchedulerContext& context);

}  // namespace hpogrid::schedulers
