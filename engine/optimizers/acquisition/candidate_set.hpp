#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/features/feature_map.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// A box of the unit cube. Categories are not bound by it. Empty vectors mean the whole cube.
struct SearchRegion {
    std::vector<double> lower;  ///< [dimension]
    std::vector<double> upper;  ///< [dimension]

    [[nodiscard]] double low(std::size_t dimension) const { return lower.empty() ? 0.0 : lower[dimension]; }
    [[nodiscard]] double high(std::size_t dimension) const { return upper.empty() ? 1.0 : upper[dimension]; }
    /// The nearest place inside, for dimensions that are bound.
    [[nodiscard]] double inside(const Coordinate& coordinate, std::size_t dimension, double unit) const;
};

/// Places of the unit cube, settled (FeatureMap::settle), with their features: columns of matrices, so that a model
/// predicts them at once.
class CandidateSet {
  public:
    /// `map` outlives this.
    CandidateSet(const FeatureMap& map, std::size_t capacity);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    void clear() noexcept { size_ = 0; }
    /// Adds a place. `unit`: [dimension], in [0, 1]. \pre size() < capacity
    void add(std::span<const double> unit);

    /// [feature][candidate]
    [[nodiscard]] auto features() const { return features_.leftCols(static_cast<Eigen::Index>(size_)); }
    /// [dimension]
    [[nodiscard]] std::span<const double> unit(std::size_t candidate) const;
    /// [dimension]: what changes the point when it changes.
    [[nodiscard]] std::span<const bool> active(std::size_t candidate) const;

  private:
    const FeatureMap& map_;
    std::size_t size_{0};
    Eigen::MatrixXd units_;
    Eigen::MatrixXd features_;
    std::unique_ptr<bool[]> active_;  ///< [candidate][dimension]
};

/// Adds `count` points of a scrambled Sobol sequence of its own, stretched over the region.
void add_quasi_random(CandidateSet& candidates, const FeatureMap& map, const SearchRegion& region, std::size_t count,
                      RandomStream& random);

/// Adds `count` mutations of the anchors, in turn: in each a few dimensions change, at scales from a fifth of the range
/// down to a thousandth, and categories to any other.
void add_mutations(CandidateSet& candidates, const FeatureMap& map, const SearchRegion& region,
                   std::span<const std::vector<double>> anchors, std::size_t count, RandomStream& random);

}  // namespace hpogrid::optimizers
