#pragma once

#include "engine/space/space.hpp"
#include "engine/space/value.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// One dimension of the unit cube as searches move in it.
struct Coordinate {
    enum class Kind : std::uint8_t {
        real,      ///< any place of [0, 1]
        ordered,   ///< places of discrete values in their order: integers, quantised numbers
        category,  ///< no order
    };
    Kind kind;
    /// Different values, at least 1; 0 where they are uncountable in practice.
    std::uint64_t cardinality;
    std::size_t first_feature;  ///< its features are `feature_count` from here on
    std::size_t feature_count;  ///< 0 if there is nothing to vary
    bool conditional;           ///< whether it may be inactive
};

/// From the unit cube to what a surrogate model sees, and back.
///
/// Numbers are one feature, their place in the cube: so log-uniform ones are seen on their logarithmic scale, and each
/// discrete one in the middle of its interval. Categories are indicators of 0 and 1/√2, so that two different ones are
/// at a squared distance of 1; two categories share one feature of 0 and 1. An inactive number is 0.5, an inactive
/// category has no indicator set and lies half-way (at a squared distance of ½, of ¼ from two) from all. Parameters
/// with a single value have no feature.
class FeatureMap {
  public:
    /// Which indicators share a length-scale.
    enum class Categories : std::uint8_t {
        hamming,  ///< those of a parameter: a Hamming distance with a length-scale of its own
        one_hot,  ///< none
    };

    /// `space` outlives this.
    explicit FeatureMap(const space::Space& space, Categories categories = Categories::hamming);

    [[nodiscard]] const space::Space& space() const noexcept { return space_; }
    /// Dimensions of the unit cube.
    [[nodiscard]] std::size_t dimensions() const noexcept { return coordinates_.size(); }
    [[nodiscard]] std::span<const Coordinate> coordinates() const noexcept { return coordinates_; }
    [[nodiscard]] std::size_t feature_count() const noexcept { return groups_.size(); }
    /// Which length-scale a feature has: [feature], numbers from 0 without gaps.
    [[nodiscard]] std::span<const std::size_t> groups() const noexcept { return groups_; }
    [[nodiscard]] std::size_t group_count() const noexcept { return group_count_; }

    /// Features of a point. `unit`: [dimension], as Space::encode writes it. `features`: [feature].
    void write(const space::Point& point, std::span<const double> unit, std::span<double> features) const;
    /// Moves any place of the unit cube to the one that Space::encode would write for its point, but leaves inactive
    /// dimensions where they are, and writes its features. `active`: [dimension], what may be varied.
    void settle(std::span<double> unit, std::span<double> features, std::span<bool> active) const;
    /// The point at a place of the unit cube.
    [[nodiscard]] space::Point point(std::span<const double> unit) const { return space_.decode(unit); }

  private:
    void write_coordinate(std::size_t dimension, double unit, bool active, std::span<double> features) const;

    const space::Space& space_;
    std::vector<std::size_t> parameters_;  ///< [dimension], index into space().parameters()
    std::vector<Coordinate> coordinates_;
    std::vector<std::size_t> groups_;
    std::size_t group_count_{0};
    bool conditional_{false};
};

}  // namespace hpogrid::optimizers
