#include "engine/study/stop_conditions.hpp"

#include <algorithm>

namespace hpogrid::study {

bool StopConditions::reached_by(const Report& report) const noexcept {
    return std::ranges::any_of(report.metrics, [&](const auto& metric) {
        return std::ranges::any_of(
            limits_, [&](const auto& limit) { return limit.first == metric.first && metric.second >= limit.second; });
    });
}

}  // namespace hpogrid::study
