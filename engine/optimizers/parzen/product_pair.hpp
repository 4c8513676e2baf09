#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/parzen/axis_groups.hpp"
#include "engine/optimizers/parzen/observed_axes.hpp"
#include "engine/optimizers/parzen/product_density.hpp"
#include "engine/optimizers/parzen/trial_split.hpp"
#include "engine/space/value.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// Optuna's pair of densities of a group of parameters: l of the good trials, g of the others. Only trials that have
/// all parameters of the group count.
class ProductPair {
  public:
    /// Values drawn from l.
    struct Candidate {
        std::vector<space::Value> values;  ///< [axis of the group]
        double score;                      ///< log l − log g, finite
    };

    /// `axes` outlives this.
    ProductPair(const ObservedAxes& axes, AxisGroups::Group group, const ProductDensity::Options& options);

    [[nodiscard]] const AxisGroups::Group& group() const noexcept { return group_; }

    /// Trials leave g; before their coordinates change.
    void leave(std::span<const TrialSplit::Move> moves);
    /// Trials join g; after their coordinates are known.
    void join(std::span<const TrialSplit::Move> moves);
    /// Builds both densities; `below`: all good trials, ascending.
    void rebuild(std::span<const std::uint32_t> below);

    /// So many candidates, descending by score.
    [[nodiscard]] std::vector<Candidate> draw(std::size_t count, RandomStream& random);

  private:
    [[nodiscard]] bool has_all(std::uint32_t trial) const noexcept;
    [[nodiscard]] Candidate draw_one(RandomStream& random);

    const ObservedAxes& axes_;
    AxisGroups::Group group_;
    ProductDensity good_;
    ProductDensity bad_;
    std::vector<std::uint32_t> slots_;
    std::vector<std::vector<double>> columns_;  ///< [axis of the group][observation that joins]
    std::vector<double> coordinates_;           ///< [axis of the group]
    std::vector<Spot> spots_;                   ///< [axis of the group]
};

}  // namespace hpogrid::optimizers
