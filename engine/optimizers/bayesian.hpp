#pragma once

#include "engine/optimizers/registry.hpp"

#include <memory>

namespace hpogrid::optimizers {

/// `bayesian`: BayesOptSearch of Ray Tune over fmfn/BayesianOptimization 1.4 (bayes_opt): an isotropic Matérn-5/2
/// process of fixed amplitude and noise on standardised scores, and an upper confidence bound (here: a lower one, as
/// scores are minimised), expected improvement or probability of improvement.
///
/// `algorithm_param`, with the defaults of the original:
///   random_search_steps  10   random trials before the first model
///   utility_kwargs       {kind: "ucb" | "ei" | "poi", kappa: 2.576, xi: 0, kappa_decay: 1, kappa_decay_delay: 0};
///                        kind, kappa and xi are also understood outside of it, and `acq` for kind
///   alpha                1e-6 variance of the noise, in units of the variance of the scores
///   patience, skip_duplicate, random_state, verbose: accepted without effect, as duplicates never are proposed, and
///                        the study has a seed
///
/// What differs: the model sees the unit cube, so ranges need not be alike, with logarithms, integers, categories and
/// conditions, of which the original knows none; xi is in standard deviations of the scores; the criterion is searched
/// with fewer points and more structure than 10,000 random ones; trials under way are imagined at the posterior mean;
/// random trials are not waited for one by one, half of them are enough.
[[nodiscard]] std::unique_ptr<Optimizer> make_bayesian(const OptimizerContext& context);

}  // namespace hpogrid::optimizers
