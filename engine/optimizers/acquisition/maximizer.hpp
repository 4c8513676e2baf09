#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/acquisition/acquisition.hpp"
#include "engine/optimizers/acquisition/candidate_set.hpp"
#include "engine/optimizers/acquisition/local_search.hpp"
#include "engine/optimizers/features/feature_map.hpp"
#include "engine/optimizers/known_points.hpp"
#include "engine/optimizers/trial_history.hpp"
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

/// Limits under which a search over a Gaussian process with so many rows takes a few hundred milliseconds at 1,000
/// rows, less with fewer: a candidate costs rows², a gradient twice that.
[[nodiscard]] MaximizerLimits affordable_limits(Eigen::Index rows);

/// Places of the finished trials with the lowest scores, best first, at most `most`.
[[nodiscard]] std::vector<std::vector<double>> best_places(const TrialHistory& history, std::size_t most = 10);

}  // namespace hpogrid::optimizers
