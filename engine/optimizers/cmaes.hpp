#pragma once

#include "engine/optimizers/registry.hpp"

namespace hpogrid::optimizers {

/// `cmaes`: CMA-ES over the unit cube, with the parameters and defaults of Optuna's CmaEsSampler (5.0):
///
/// - `x0`: start, {name: number}; the middle of every other parameter. Restarts begin at random places.
/// - `sigma0` (1/6): first standard deviation in units of the cube.
/// - `n_startup_trials` (1): independent draws until so many trials have ended.
/// - `popsize` (4 + ⌊3 ln d⌋), `inc_popsize` (2): population, and its factor at restarts.
/// - `use_separable_cma` (false): variances only.
/// - `restart_strategy` ("ipop"), `with_margin` (true).
///
/// Deviations: the margin is on and a run that has stagnated begins again unless asked otherwise, since an integer that
/// has got stuck and a distribution that only repeats itself waste trials; categories and conditions take part; every
/// ended trial is learnt from, startup trials and user's points included (see evolution/mixed_cma.hpp).
[[nodiscard]] std::unique_ptr<Optimizer> make_cmaes(const OptimizerContext& context);

}  // namespace hpogrid::optimizers
