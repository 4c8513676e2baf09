#pragma once

#include "engine/optimizers/registry.hpp"

namespace hpogrid::optimizers {

/// `bohb`: the model of BOHB (Falkner, Klein, Hutter, "BOHB: robust and efficient hyperparameter optimization at
/// scale", ICML 2018, section 4; the generator of configurations of hpbandster 0.7.4).
///
/// On the largest budget (iterations of a trial) with enough scores, kernel density estimators of the good and of the
/// other trials, see KernelDensity. Candidates are good trials moved by their kernel with bandwidths times
/// `bandwidth_factor`; the one with the largest ratio of densities is taken. A third of all points is random.
/// Of n trials max(min_points_in_model, ⌊top_n_percent n / 100⌋) are good and at most
/// max(min_points_in_model, ⌊(100 − top_n_percent) n / 100⌋) of the next best are the others.
///
/// Parameters (hpbandster's names and defaults): min_points_in_model d + 1 (also the least), top_n_percent 15,
/// num_samples 64, random_fraction 1/3, bandwidth_factor 3, min_bandwidth 1e-3; seed (else the study's).
///
/// Deviations: a known point is never proposed again, but the best candidate that is new; failed trials are worst on
/// every budget, not only on theirs, and never good; what conditions leave out of a trial is filled in from another
/// trial, keyed by the trial, so that it stays the same.
[[nodiscard]] std::unique_ptr<Optimizer> make_bohb(const OptimizerContext& context);

}  // namespace hpogrid::optimizers
