#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/acquisition/acquisition.hpp"
#include "engine/optimizers/acquisition/candidate_set.hpp"
#include "engine/optimizers/features/feature_map.hpp"

#include <cstddef>
#include <vector>

namespace hpogrid::optimizers {

/// A place of the unit cube, settled, and what the acquisition says of it.
struct ScoredPlace {
    std::vector<double> unit;  ///< [dimension]
    double value;
};

struct LocalSearchLimits {
    std::size_t gradient_evaluations{30};  ///< of each descent
    std::size_t rounds{3};                 ///< of a descent and of moves in other dimensions
};

/// Climbs an acquisition from one place: L-BFGS-B in the dimensions that are real, or ordered with so many values that
/// they look real, then the best of all moves that change one other dimension (a category to any other, a number to its
/// neighbours and some steps further), and again while that helps. Without gradients, moves are tried in all
/// dimensions.
class LocalSearch {
  public:
    /// All outlive this.
    LocalSearch(const Acquisition& acquisition, const FeatureMap& map, const SearchRegion& region,
                const LocalSearchLimits& limits);

    /// Answers a place at least as good as `start`.
    [[nodiscard]] ScoredPlace climb(ScoredPlace start, RandomStream& random);

  private:
    /// Where the place is found to be better, settled, takes it.
    [[nodiscard]] bool take_if_better(ScoredPlace& place, std::span<const double> unit);
    [[nodiscard]] bool descend(ScoredPlace& place);
    [[nodiscard]] bool move(ScoredPlace& place, RandomStream& random);
    void add_moves(const ScoredPlace& place, std::size_t dimension, RandomStream& random);

    const Acquisition& acquisition_;
    const FeatureMap& map_;
    const SearchRegion& region_;
    LocalSearchLimits limits_;
    std::vector<bool> glides_;  ///< [dimension], whether gradients move it
    CandidateSet single_;
    CandidateSet moves_;
};

}  // namespace hpogrid::optimizers
