#include "engine/cluster/checkpoints/copy_matcher.hpp"

namespace hpogrid::cluster {

void CopyMatcher::joined(WorkerId worker, std::uint32_t node) {
    if (node != 0) {
        nodes_[worker] = node;
    }
}

void CopyMatcher::left(WorkerId worker) {
    nodes_.erase(worker);
    std::erase_if(savers_, [&](const auto& entry) { return entry.second == worker; });
}

void CopyMatcher::saved(const std::string& name, WorkerId worker) {
    if (nodes_.contains(worker)) {
        savers_[name] = worker;
    }
}

std::optional<CopyCheckpoint> CopyMatcher::match(const std::string& name, WorkerId to) {
    const auto saver = savers_.find(name);
    const auto target = nodes_.find(to);
    if (saver == savers_.end() || target == nodes_.end() || saver->second == to ||
        nodes_.at(saver->second) != target->second) {
        return std::nullopt;
    }
    return CopyCheckpoint{name, ++last_number_, saver->second.value, to.value};
}

}  // namespace hpogrid::cluster
