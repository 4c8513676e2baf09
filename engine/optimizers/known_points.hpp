#pragma once

#include "engine/space/space.hpp"
#include "engine/space/value.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

namespace hpogrid::optimizers {

/// The points that were suggested before, to refuse duplicates.
class KnownPoints {
  public:
    enum class Remember {
        finite_spaces,  ///< only points of spaces with finitely many: elsewhere samplers meet no duplicate by chance
        everything,     ///< for optimisers that may be drawn to the same place again, such as a corner
    };

    /// `space` outlives this.
    explicit KnownPoints(const space::Space& space, Remember remember = Remember::finite_spaces);

    void add(const space::Point& point);
    /// Takes back one add().
    void remove(const space::Point& point);
    [[nodiscard]] bool contains(const space::Point& point) const;
    /// Whether the space is small enough to go through all of it, point by point.
    [[nodiscard]] bool enumerable() const noexcept { return enumerable_; }
    /// The first point of the space, in the order of its enumeration, that is not known; nothing if all are, or, in
    /// a space that is not enumerable(), if none is near.
    [[nodiscard]] std::optional<space::Point> first_unknown();

  private:
    struct Hash {
        std::size_t operator()(const space::Point& point) const noexcept;
    };
    [[nodiscard]] space::Point nth_point(std::uint64_t index) const;

    const space::Space& space_;
    std::optional<std::uint64_t> size_;
    bool enumerable_;
    bool remembers_;
    std::uint64_t next_{0};                                        ///< everything before it is known
    std::unordered_map<space::Point, std::uint32_t, Hash> known_;  ///< how often each was added
};

}  // namespace hpogrid::optimizers
