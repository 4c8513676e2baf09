#pragma once

#include "engine/optimizers/registry.hpp"

#include <memory>

namespace hpogrid::optimizers {

/// `ax`: the default strategy of Ax over BoTorch (Ax 1.x, method "fast"): the centre and Sobol points, then a Gaussian
/// process with length-scale priors that grow with the dimension (Hvarfner, Hellsten, Nardi, "Vanilla Bayesian
/// Optimization Performs Great in High Dimensions", ICML 2024) and the logarithm of the noisy expected improvement.
///
/// `algorithm_param`, with the defaults of the original:
///   initialization_budget  5     trials before the first model; num_initialization_trials is another name
///   max_initialization_trials    an upper bound for that
///   min_observed_initialization_trials  half of the budget, rounded up: how many must have ended before the first
///                          model; min_sobol_trials_observed is another name
///   initialize_with_center true  the first trial is the centre of the space
///   method                 fast  or random_search: Sobol points only
///   random_seed, initialization_random_seed, verbose_logging, enforce_sequential_optimization: accepted without effect
///
/// What differs: improvements are averaged over 32 joint samples with an analytic step each instead of 512 points of
/// the joint distribution; categories have a Hamming distance with a length-scale of their own instead of one for each
/// indicator; scores are capped gently instead of winsorised.
[[nodiscard]] std::unique_ptr<Optimizer> make_ax(const OptimizerContext& context);

}  // namespace hpogrid::optimizers
