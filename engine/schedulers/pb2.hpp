#pragma once

#include "engine/schedulers/registry.hpp"

namespace hpogrid::schedulers {

/// `pb2`: population based training whose hyperparameters a Gaussian process chooses; see Population and
/// BanditExploration. Names and defaults of Ray Tune's PB2: time_attr "time_total_s", perturbation_interval 60,
/// quantile_fraction 0.25, synch false; hyperparam_bounds, which Ray wants given, are all numbers of the search space.
[[nodiscard]] std::unique_ptr<Scheduler> make_pb2(const SchedulerContext& context);

}  // namespace hpogrid::schedulers
