#include "engine/optimizers/parzen/sorted_centres.hpp"

#include <algorithm>

namespace hpogrid::optimizers {

std::size_t SortedCentres::insert(Entry entry) {
    const auto at = std::ranges::upper_bound(entries_, entry) - entries_.begin();
    entries_.insert(entries_.begin() + at, entry);
    return static_cast<std::size_t>(at);
}

void SortedCentres::insert(std::span<const Entry> entries) {
    const auto old = static_cast<std::ptrdiff_t>(entries_.size());
    entries_.insert(entries_.end(), entries.begin(), entries.end());
    std::sort(entries_.begin() + old, entries_.end());
    std::inplace_merge(entries_.begin(), entries_.begin() + old, entries_.end());
}

std::size_t SortedCentres::erase(Entry entry) {
    const std::size_t at = position(entry);
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(at));
    return at;
}

std::size_t SortedCentres::position(Entry entry) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(entries_, entry) - entries_.begin());
}

}  // namespace hpogrid::optimizers
