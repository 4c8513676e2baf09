#pragma once

#include "engine/optimizers/known_points.hpp"
#include "engine/optimizers/parzen/ranked_combinations.hpp"
#include "engine/space/value.hpp"

#include <functional>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// Where parts of a point are chosen independently: the best combination of candidates whose point is not known. If
/// none is found near the best, a known one. `scores`: see RankedCombinations.
[[nodiscard]] space::Point best_new_point(std::span<const std::vector<double>> scores,
                                          const std::function<space::Point(const RankedCombinations::Picks&)>& point_of,
                                          const KnownPoints& known);

}  // namespace hpogrid::optimizers
