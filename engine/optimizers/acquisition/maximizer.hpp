#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/acquisition/acquisition.hpp"
#include "engine/optimizers/acquisition/candidate_set.hpp"
#include "engine/optimizers/acquisition/local_search.hpp"
#include "engine/optimizers/features/feature_map.hpp"
#include "engine/optimizers/known_points.hpp"
#include "engine/space/value.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

struct MaximizerLimits {
    std::size_t quasi_random{1024};  ///< candidates spread over the region
    std::size_t mutations{512};      ///< candidates around the anchors
    std::size_t starts{5};           ///< of local searches, from the best candidates that are apart
    LocalSearchLimits local{};
    std::size_t results{8};  ///< at most so many are answered
};

/// A proposal of an acquisition search.
struct ProposedPoint {
    space::Point point;
    std::vector<double> unit;  ///< [dimension]
    double value;
};

/// The best points of the space that are not known, best first and all different: quasi-random points and mutations of
/// the anchors, then local searches. Empty if nothing unknown with a finite value was found.
/// `anchors`: places worth varying, such as the best trials, each [dimension], in the unit cube.
[[nodiscard]] std::vector<ProposedPoint> maximize(const Acquisition& acquisition, const FeatureMap& map,
                                                  const KnownPoints& known,
                                                  std::span<const std::vector<double>> anchors, RandomStream& random,
                                                  const MaximizerLimits& limits = {}, const SearchRegion& region = {});

}  // namespace hpogrid::optimizers
