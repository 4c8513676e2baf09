#include "engine/trials/native/recent_checkpoints.hpp"

#include <algorithm>
#include <utility>

namespace hpogrid::trials {

void RecentCheckpoints::keep(std::string name, std::shared_ptr<const NativeCheckpoint> checkpoint) {
    if (checkpoint->state.size() > limits_.bytes) {
        return;
    }
    const std::scoped_lock lock{mutex_};
    if (const auto same = std::ranges::find(entries_, name, &Entry::name); same != entries_.end()) {
        bytes_ -= same->checkpoint->state.size();
        entries_.erase(same);
    }
    bytes_ += checkpoint->state.size();
    entries_.push_back({std::move(name), std::move(checkpoint)});
    while (entries_.size() > limits_.count || bytes_ > limits_.bytes) {
        bytes_ -= entries_.front().checkpoint->state.size();
        entries_.pop_front();
    }
}

std::shared_ptr<const NativeCheckpoint> RecentCheckpoints::find(std::string_view name) const {
    const std::scoped_lock lock{mutex_};
    const auto found = std::ranges::find(entries_, name, &Entry::name);
    return found == entries_.end() ? nullptr : found->checkpoint;
}

}  // namespace hpogrid::trials
