#pragma once

#include "engine/optimizers/registry.hpp"

namespace hpogrid::optimizers {

/// `auto`: what we recommend. Bayesian optimisation over a Gaussian process, for every kind of space, failures, noise
/// and many workers. tests/bench/quality/ABLATION.md tells what each part is worth.
///
/// - Start: scrambled Sobol points, max(5, min(d + 1, T/10)) of them, d dimensions and T trials planned.
/// - Scores: the worse half is replaced by normal quantiles of its ranks, as the "half-rank warping" of Song et al.,
///   "The Vizier Gaussian Process Bandit Algorithm" (2024), section 3.2; then all go through a PowerTransform. Failures
///   count as worse than the worst.
///   Trials that a scheduler ended early count as FullTraining expects them at the end of the training.
/// - Model: Matérn 5/2 with a length-scale a parameter, Hamming distances for categories, the length-scale prior of
///   Hvarfner, Hellsten, Nardi, "Vanilla Bayesian Optimization Performs Great in High Dimensions", ICML 2024,
///   hyperparameters at their posterior mode. Noise may fall to 1e-9 of the variance, so that functions without noise
///   are followed to the end. MainEffects have half the variance where all parameters are categories, less where others
///   are among them.
/// - Acquisition: a lower confidence bound, mean − κ · deviation, with κ = ½, 1, 2 and 3 by turns: one κ for all trials
///   now and then stays in one valley for the whole study. Pending trials are imagined to end as expected.
///
/// Parameters: `n_initial_points` (≥ 1); `rank_scores` (true); `power_scores` (true); `full_training` (true);
/// `main_effects` (0.5, from 0 to 0.9): their share of the variance of categories; `acquisition`: `lcb`, or `log_ei`,
/// the logarithm of the expected improvement over the lowest posterior mean of a finished trial; `kappa` (≥ 0): one for
/// all trials.
[[nodiscard]] std::unique_ptr<Optimizer> make_auto(const OptimizerContext& context);

}  // namespace hpogrid::optimizers
