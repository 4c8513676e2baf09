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
/// | all real | W = 1, T < 200 d, d > 1 or T < 50 | Cobyla |
/// | | d = 1 | OnePlusOne |
/// | | d > 2000 | DE |
/// | | T < 600 | MetaModel |
/// | | otherwise | CMA |
/// | integers, no categories | | DoubleFastGADiscreteOnePlusOne |
/// | categories | W ≤ 2 and T < 1000 | DiscreteBSOOnePlusOne |
/// | | otherwise | CMA |
///
/// Parameters are what nevergrad's bounded scalars are: the unit cube, of which a sixth is one standard deviation, with
/// places beyond its surface mirrored. Integers are rounded; a category is drawn anew where it changes, instead of
/// nevergrad's softmax of weights. Numbers are drawn anew from the search space where nevergrad draws a normal variable
/// around the middle.
[[nodiscard]] std::unique_ptr<Optimizer> make_nevergrad(const OptimizerContext& context);

}  // namespace hpogrid::optimizers
