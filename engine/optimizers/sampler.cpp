#include "engine/optimizers/sampler.hpp"

#include <algorithm>
#include <utility>

namespace hpogrid::optimizers {

Sampler::Sampler(const space::Space& space, Plan plan)
    : space_{space}, plan_{std::move(plan)}, cells_{space, plan_.crossed}, known_{space} {}

std::vector<Suggestion> Sampler::ask(std::size_t count) {
    std::vector<Suggestion> suggestions;
    while (suggestions.size() < count) {
        auto point = next_point();
        if (!point) {
            break;
        }
        known_.add(*point);
        ++next_index_;
        suggestions.push_back({std::move(*point), plan_.origin});
    }
    return suggestions;
}

space::Point Sampler::sampled_point(std::uint32_t retry) const {
    std::vector<double> unit(space_.dimensions());
    plan_.points(next_index_, retry, unit);
    return space_.decode(unit);
}

std::optional<space::Point> Sampler::next_point() {
    if (!cells_.empty()) {
        // A cell once more is a new point as long as something else is sampled in it.
        if (cells_.covers_space() && cells_.passes() > 0) {
            return std::nullopt;
        }
        std::vector<double> unit(space_.dimensions());
        plan_.points(next_index_, 0, unit);
        space::Point point = space_.decode_unconditioned(unit);
        cells_.visit_next(point);
        space_.apply_conditions(point);
        return point;
    }
    constexpr std::uint32_t most_retries = 64;
    for (std::uint32_t retry = 0; retry < most_retries; ++retry) {
        space::Point point = sampled_point(retry);
        if (!known_.contains(point)) {
            return point;
        }
    }
    return known_.first_unknown();
}

void Sampler::tell(const Observation& observation) {
    if (observation.kind != Observation::Kind::pending) {
        return;
    }
    const std::uint32_t id = observation.trial.value;
    const bool ours = id < next_index_;
    next_index_ = std::max(next_index_, id + 1);
    if (!ours && !known_.contains(observation.point)) {
        known_.add(observation.point);
    }
    if (!ours && !cells_.empty()) {
        cells_.count(observation.point);
    }
}

std::optional<std::size_t> Sampler::natural_size() const {
    return plan_.ends_with_grid && !cells_.empty() ? std::optional{cells_.size()} : std::nullopt;
}

}  // namespace hpogrid::optimizers
