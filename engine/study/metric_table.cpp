#include "engine/study/metric_table.hpp"

#include <utility>

namespace hpogrid::study {

MetricTable::MetricTable(std::string objective) {
    static_cast<void>(index(objective));
}

std::size_t MetricTable::index(std::string_view name) {
    if (const auto found = index_.find(name); found != index_.end()) {
        return found->second;
    }
    names_.emplace_back(name);
    index_.emplace(std::string{name}, names_.size() - 1);
    return names_.size() - 1;
}

std::optional<std::size_t> MetricTable::find(std::string_view name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace hpogrid::study
