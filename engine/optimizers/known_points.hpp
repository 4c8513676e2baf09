#pragma once

#include "engine/space/space.hpp"
#include "engine/space/value.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_set>

namespace hpogrid::optimizers {

/// The points that were suggested before, to refuse duplicates. Only spaces with a finite number of points are
/// remembered: in the others a duplicate does not happen by chance.
class KnownPoints {
  public:
    /// `space` outlives this.
    explicit KnownPoints(const space::Space& space);

    void add(const space::Point& point);
    [[nodiscard]] bool contains(const space::Point& point) const;
    /// The first point of the space, in the order of its enumeration, that is not known; nothing if all are, or if the
    /// space is too large to go through.
    [[nodiscard]] std::optional<space::Point> first_unknown();
    /// Whether first_unknown() speaks for the whole space.
    [[nodiscard]] bool enumerable() const noexcept { return enumerable_; }

  private:
    struct Hash {
        std::size_t operator()(const space::Point& point) const noexcept;
    };
    [[nodiscard]] space::Point nth_point(std::uint64_t index) const;

    const space::Space& space_;
    std::optional<std::uint64_t> size_;
    bool enumerable_;
    std::uint64_t next_{0};  ///< everything before it is known
    std::unordered_set<space::Point, Hash> known_;
};

}  // namespace hpogrid::optimizers
