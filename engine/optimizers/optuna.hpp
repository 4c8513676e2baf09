#pragma once

#include "engine/optimizers/registry.hpp"

namespace hpogrid::optimizers {

/// `optuna`: the tree-structured Parzen estimator as Optuna has it (TPESampler, version 5.0.0; Watanabe,
/// "Tree-structured Parzen estimator: understanding its algorithm components and their roles for better empirical
/// performance", arXiv 2304.11127; the joint densities: Falkner, Klein, Hutter, "BOHB", ICML 2018, section 3).
///
/// The best ⌈gamma N⌉, at most 25, of N trials are good. Joint densities l of the good and g of the others; of
/// candidates drawn from l the one with the largest l/g is taken. Parameters that not all trials have are drawn by
/// themselves, from the trials that have them, or with `group` in groups that occur together. The first trials are
/// random. Running trials are bad unless `constant_liar` is off.
///
/// Parameters (TPESampler's names and defaults): n_startup_trials 10, n_ei_candidates 24, gamma 0.1 (there a function,
/// here the share of good trials), prior_weight 1, multivariate true, group false, constant_liar true,
/// consider_magic_clip true, consider_endpoints false, seed (else the study's). Without effect, as there:
/// consider_prior, warn_independent_sampling.
///
/// Deviations: a known point is never proposed again, but the best candidate that is new; failed trials are bad, where
/// Optuna forgets them; normal distributions, which Optuna does not have, have themselves as prior and no ends;
/// `qloguniform`, which it has for integers only, ends at its limits.
[[nodiscard]] std::unique_ptr<Optimizer> make_optuna(const OptimizerContext& context);

}  // namespace hpogrid::optimizers
