#include "engine/optimizers/parzen/sorted_centres.hpp"

#include <algorithm>

namespace hpogrid::optimizers {

void SortedCentres::insert(Entry entry) {
    entries_.insert(std::ranges::upper_bound(entries_, entry), entry);
}

void SortedCentres::insert(std::span<const Entry> entries) {
    const auto old = static_cast<std::ptrdiff_t>(entries_.size());
    entries_.insert(entries_.end(), entries.begin(), entries.end());
    std::sort(entries_.begin() + old, entries_.end());
    std::inplace_merge(entries_.begin(), entries_.begin() + old, entries_.end());
}

void SortedCentres::erase(Entry entry) {
    entries_.erase(std::ranges::lower_bound(entries_, entry));
}

}  // namespace hpogrid::optimizers
