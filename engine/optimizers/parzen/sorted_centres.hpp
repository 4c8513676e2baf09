#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// The coordinates of a set of trials on one axis, kept in order: bandwidths follow from neighbours.
/// One insertion or removal moves memory, O(n) with a small constant; many at once cost one sort of the new ones.
class SortedCentres {
  public:
    struct Entry {
        double centre;
        std::uint32_t trial;
        friend constexpr auto operator<=>(const Entry&, const Entry&) = default;
    };

    /// Answers where it stands.
    std::size_t insert(Entry entry);
    void insert(std::span<const Entry> entries);
    /// Answers where it stood. \pre it was inserted
    std::size_t erase(Entry entry);
    /// \pre it was inserted
    [[nodiscard]] std::size_t position(Entry entry) const;
    void clear() noexcept { entries_.clear(); }

    /// Ascending by centre, equal ones by trial.
    [[nodiscard]] std::span<const Entry> entries() const noexcept { return entries_; }

  private:
    std::vector<Entry> entries_;
};

}  // namespace hpogrid::optimizers
