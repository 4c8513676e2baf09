#include "engine/optimizers/registry.hpp"

#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"
#include "engine/optimizers/auto.hpp"
#include "engine/optimizers/ax.hpp"
#include "engine/optimizers/bayesian.hpp"
#include "engine/optimizers/bohb.hpp"
#include "engine/optimizers/cmaes.hpp"
#include "engine/optimizers/hyperopt.hpp"
#include "engine/optimizers/nevergrad.hpp"
#include "engine/optimizers/optuna.hpp"
#include "engine/optimizers/samplers.hpp"
#include "engine/optimizers/skopt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace hpogrid::optimizers {
namespace {

constexpr std::array entries{
    AlgorithmEntry{"auto", "what we recommend: Bayesian optimisation over a Gaussian process", &make_auto},
    AlgorithmEntry{"random", "independent draws; categories with grid_search are crossed", &make_random},
    AlgorithmEntry{"tune", "another name of random", &make_random},
    AlgorithmEntry{"grid", "every combination of the categories, everything else drawn at random", &make_grid},
    AlgorithmEntry{"sobol", "a scrambled Sobol sequence: random points without gaps and clusters", &make_sobol},
    AlgorithmEntry{"hyperopt", "tree-structured Parzen estimator as in hyperopt: every parameter by itself",
                   &make_hyperopt},
    AlgorithmEntry{"optuna", "tree-structured Parzen estimator as in Optuna: parameters jointly", &make_optuna},
    AlgorithmEntry{"bohb", "kernel densities of good and bad trials on the largest budget, as in BOHB", &make_bohb},
    AlgorithmEntry{"skopt", "a Gaussian process or trees and a portfolio of criteria, as scikit-optimize", &make_skopt},
    AlgorithmEntry{"bayesian", "a Gaussian process and a confidence bound, as BayesOptSearch of Ray Tune",
                   &make_bayesian},
    AlgorithmEntry{"ax", "a Gaussian process and noisy expected improvement, as Ax over BoTorch", &make_ax},
    AlgorithmEntry{"cmaes", "CMA-ES with margin for integers, distributions of categories, and restarts", &make_cmaes},
    AlgorithmEntry{"nevergrad",
                   "evolutionary methods by nevergrad's names, chosen by budget, dimension, workers and types",
                   &make_nevergrad},
};

}  // namespace

std::span<const AlgorithmEntry> algorithms() noexcept {
    return entries;
}

std::unique_ptr<Optimizer> make_optimizer(std::string_view name, const OptimizerContext& context) {
    std::vector<std::string_view> known;
    for (const AlgorithmEntry& entry : entries) {
        if (entry.name == name) {
            return entry.make(context);
        }
        known.push_back(entry.name);
    }
    throw InputError{
        fmt::format("algorithm '{}' is unknown{}, allowed: {}", name, did_you_mean(name, known), join_names(known))};
}

}  // namespace hpogrid::optimizers
