#pragma once

#include "engine/optimizers/registry.hpp"

namespace hpogrid::optimizers {

/// `nevergrad`: evolutionary methods by the names that nevergrad (1.0) gives them, and a rule that chooses.
///
/// - `optimizer` ("NGOpt"): one of the methods in nevergrad.cpp.
/// - `budget` (the study's number of trials), `num_workers` (its trials at once): what the method is chosen and tuned
/// for.
/// - `optimizer_kwargs`: an object with the last two, as Ray Tune's NevergradSearch takes them.
///
/// NGOpt follows the rule of nevergrad's NGOpt39 where it matters to tuning, for d dimensions, T trials, W at once:
///
/// | parameters | case | method |
/// |---|---|---|
/// | all real | W = 1, T < 200 d, and d > 1 or T < 50 | Cobyla |
/// | | otherwise, d = 1 | OnePlusOne |
/// | | d > 2000 | DE |
/// | | T < 600 | MetaModel |
/// | | otherwise | CMA |
/// | integers, no categories | | DoubleFastGADiscreteOnePlusOne |
/// | categories alone | | DiscreteBSOOnePlusOne |
/// | categories and numbers | | CMA with a first step of 1/6 |
///
/// Deviation: for categories and numbers, nevergrad takes DiscreteBSOOnePlusOne (W = 1) or a portfolio with CMA; CMA
/// with distributions of categories found better points on most such tasks of tests/bench/quality.
///
/// Parameters are what nevergrad's bounded scalars are: the unit cube, of which a sixth is one standard deviation, with
/// places beyond its surface mirrored. Integers are rounded; a category is drawn anew where it changes, instead of
/// nevergrad's softmax of weights. Where nevergrad draws a number anew
/// around the middle of its range, it is drawn from the search space or moved by a step of any size, by a coin.
[[nodiscard]] std::unique_ptr<Optimizer> make_nevergrad(const OptimizerContext& context);

}  // namespace hpogrid::optimizers
