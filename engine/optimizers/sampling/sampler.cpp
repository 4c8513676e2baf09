#include "engine/optimizers/sampling/sampler.hpp"

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
        take(next_index_++, *point);
        suggestions.push_back({std::move(*point), plan_.origin});
    }
    return suggestions;
}

std::optional<space::Point> Sampler::next_point() {
    if (!cells_.empty() && cells_.covers_space() && cells_.passes() > 0) {
        // A cell once more is a new point only if something else is sampled in it.
        return std::nullopt;
    }
    constexpr std::uint32_t most_retries = 64;
    for (std::uint32_t retry = 0; retry < most_retries; ++retry) {
        space::Point point = sampled_point(retry);
        if (!known_.contains(point)) {
            return point;
        }
    }
    // Nearly everything likely was suggested before. In a space too large to go through, a duplicate does less harm
    // than to call it exhausted.
    auto unlikely = known_.first_unknown();
    return unlikely || known_.enumerable() ? unlikely : std::optional{sampled_point(0)};
}

space::Point Sampler::sampled_point(std::uint32_t retry) const {
    std::vector<double> unit(space_.dimensions());
    plan_.points(next_index_, retry, unit);
    space::Point point = space_.decode_unconditioned(unit);
    if (!cells_.empty()) {
        cells_.enter_next(point);
    }
    space_.apply_conditions(point);
    return point;
}

void Sampler::take(std::uint32_t index, const space::Point& point) {
    known_.add(point);
    open_[index] = {point, cells_.visit(point)};
}

void Sampler::give_back(std::uint32_t index) {
    const auto found = open_.find(index);
    if (found == open_.end()) {
        return;
    }
    known_.remove(found->second.point);
    if (found->second.cell) {
        cells_.leave(*found->second.cell);
    }
    open_.erase(found);
}

void Sampler::tell(const Observation& observation) {
    const std::uint32_t index = observation.trial.value;
    switch (observation.kind) {
        case Observation::Kind::pending: {
            next_index_ = std::max(next_index_, index + 1);
            const auto found = open_.find(index);
            if (found == open_.end() || found->second.point != observation.point) {
                give_back(index);
                take(index, observation.point);
            }
            break;
        }
        case Observation::Kind::intermediate:
            break;
        case Observation::Kind::finished:
        case Observation::Kind::failed:
            open_.erase(index);
            break;
        case Observation::Kind::withdrawn:
            give_back(index);
            break;
    }
}

std::optional<std::size_t> Sampler::natural_size() const {
    return plan_.ends_with_grid && !cells_.empty() ? std::optional{cells_.size()} : std::nullopt;
}

}  // namespace hpogrid::optimizers
