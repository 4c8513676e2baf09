#pragma once

#include "engine/optimizers/registry.hpp"

namespace hpogrid::optimizers {

/// `hyperopt`: the tree-structured Parzen estimator as hyperopt has it (hyperopt.tpe.suggest, version 0.3.0; Bergstra,
/// Bardenet, Bengio, Kégl, "Algorithms for hyper-parameter optimization", NeurIPS 2011, section 4; Bergstra, Yamins,
/// Cox, ICML 2013).
///
/// The best ⌈gamma √N⌉ of N trials, at most as many as linear forgetting remembers, are good. Each parameter by itself
/// has two densities, l of the good and g of the other trials that have it; of candidates drawn from l the one with the
/// largest l/g is taken. The first trials are random. Running trials are bad and count to N, as in hyperopt.
///
/// Parameters (hyperopt.tpe.suggest's and Ray Tune's names): n_startup_jobs or n_initial_points 20, n_EI_candidates 24,
/// gamma 0.25, prior_weight 1, linear_forgetting 25, random_state_seed (else the study's).
///
/// Deviations: a known point is never proposed again, but the best combination of candidates that is new; failed trials
/// are bad as in hyperopt.tpe, where Ray Tune forgets them; equal scores count in the order of their trials; an integer
/// stands for the whole cell of ½ to each side, also the first and the last.
[[nodiscard]] std::unique_ptr<Optimizer> make_hyperopt(const OptimizerContext& context);

}  // namespace hpogrid::optimizers
