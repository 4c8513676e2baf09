#pragma once

#include "engine/optimizers/registry.hpp"

namespace hpogrid::optimizers {

// The algorithms that sample without learning. None has parameters.

/// `random`, `tune`: independent draws; categories with `grid_search` are crossed, as in Ray Tune.
[[nodiscard]] std::unique_ptr<Optimizer> make_random(const OptimizerContext& context);

/// `grid`: categories with `grid_search` crossed, everything else drawn anew in each cell; without any `grid_search`,
/// all categories are crossed, as in the original's grid generator.
[[nodiscard]] std::unique_ptr<Optimizer> make_grid(const OptimizerContext& context);

/// `sobol`: points of a scrambled Sobol sequence; categories with `grid_search` are crossed.
[[nodiscard]] std::unique_ptr<Optimizer> make_sobol(const OptimizerContext& context);

}  // namespace hpogrid::optimizers
