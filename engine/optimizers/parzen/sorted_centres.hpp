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

    void insert(Entry entry);
    void insert(std::span<const Entry> entries);
    /// \pre it was inserted
    void erase(Entry entry);

    /// Ascending by centre, equal ones by trial.
    [[nodiscard]] std::span<const Entry> entries() const noexcept { return entries_; }

  private:
    std::vector<Entry> entries_;
};

}  // namespace hpogrid::optimizers
