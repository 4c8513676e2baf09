#pragma once

#include "engine/optimizers/registry.hpp"

#include <memory>

namespace hpogrid::optimizers {

/// `skopt`: scikit-optimize 0.10. A model of the scores and a criterion over it, or, with gp_hedge, three criteria of
/// which one is chosen by what the model thought of their earlier proposals (Hoffman, Brochu, de Freitas, "Portfolio
/// Allocation for Bayesian Optimization", UAI 2011).
///
/// `algorithm_param`, with the defaults of the original:
///   base_estimator    GP      or RF (100 trees, bootstrapped), ET (100 extremely randomised trees), GBRT (quantiles by
///                             30 boosted trees), DUMMY (none: random points)
///   n_initial_points  10      random trials before the first model; n_random_starts is another name
///   initial_point_generator random  or sobol
///   acq_func          gp_hedge  or EI, LCB, PI
///   acq_func_kwargs   {xi: 0.01, kappa: 1.96, eta: 1}; eta is how strongly gp_hedge follows its gains
///   acq_optimizer     auto    or lbfgs (GP only), sampling: no local search
///   acq_optimizer_kwargs {n_points, n_restarts_optimizer, n_jobs}
///   random_state, n_jobs, model_queue_size, avoid_duplicates: accepted without effect
///
/// What differs: n_points is by default 1,500 or fewer, of a Sobol sequence, beside 500 around the best trials, instead
/// of 10,000 random ones, and n_restarts_optimizer 8 or fewer instead of 5 (the three searches of gp_hedge share them);
/// xi and the gains of gp_hedge are in standard deviations of the scores; categories have a length-scale each in place
/// of one for each indicator; the likelihood is maximised from two starts instead of three; trials under way are
/// imagined at the posterior mean, and with trees at the worst score; half of the random trials are enough to go on.
/// The gains of gp_hedge begin anew when a study is resumed.
[[nodiscard]] std::unique_ptr<Optimizer> make_skopt(const OptimizerContext& context);

}  // namespace hpogrid::optimizers
