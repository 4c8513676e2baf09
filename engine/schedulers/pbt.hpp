#pragma once

#include "engine/schedulers/registry.hpp"

namespace hpogrid::schedulers {

/// `pbt`: population based training with random changes of hyperparameters; see Population and Mutation. Names and
/// defaults of Ray Tune's PopulationBasedTraining: time_attr "time_total_s", perturbation_interval 60, burn_in_period
/// 0, quantile_fraction 0.25, resample_probability 0.25, perturbation_factors [1.2, 0.8], hyperparam_mutations all of
/// the search space, synch false.
[[nodiscard]] std::unique_ptr<Scheduler> make_pbt(const SchedulerContext& context);

}  // namespace hpogrid::schedulers
