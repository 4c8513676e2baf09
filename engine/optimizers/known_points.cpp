#include "engine/optimizers/known_points.hpp"

#include "engine/core/overloaded.hpp"
#include "engine/space/quantile.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace hpogrid::optimizers {
namespace {

constexpr std::uint64_t most_enumerated = 1'000'000;
/// Steps a call through a larger space, where conditions may make long stretches the same point.
constexpr std::uint64_t steps_through_large = 10'000;

}  // namespace

KnownPoints::KnownPoints(const space::Space& space, Remember remember)
    : space_{space},
      size_{space.cardinality()},
      enumerable_{size_ && *size_ <= most_enumerated},
      remembers_{size_ || remember == Remember::everything} {}

std::size_t KnownPoints::Hash::operator()(const space::Point& point) const noexcept {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const space::Value& value : point) {
        const std::uint64_t bits =
            std::visit(Overloaded{
                           [](space::Inactive) { return std::uint64_t{0x9E3779B97F4A7C15}; },
                           [](double real) { return std::bit_cast<std::uint64_t>(real); },
                           [](std::int64_t integer) { return static_cast<std::uint64_t>(integer); },
                           [](space::Category category) { return std::uint64_t{category.index}; },
                       },
                       value);
        hash = (hash ^ bits) * 0x100000001b3;
        hash ^= hash >> 29U;
    }
    return hash;
}

void KnownPoints::add(const space::Point& point) {
    if (remembers_) {
        ++known_[point];
    }
}

void KnownPoints::remove(const space::Point& point) {
    const auto found = known_.find(point);
    if (found != known_.end() && --found->second == 0) {
        known_.erase(found);
        next_ = 0;
    }
}

bool KnownPoints::contains(const space::Point& point) const {
    return known_.contains(point);
}

std::optional<space::Point> KnownPoints::first_unknown() {
    const std::uint64_t size = size_.value_or(0);
    const std::uint64_t end = enumerable_ ? size : std::min(size, next_ + steps_through_large);
    for (; next_ < end; ++next_) {
        space::Point point = nth_point(next_);
        if (!known_.contains(point)) {
            return point;
        }
    }
    return std::nullopt;
}

space::Point KnownPoints::nth_point(std::uint64_t index) const {
    space::Point point;
    for (const space::Parameter& parameter : space_.parameters()) {
        const std::uint64_t count = space::cardinality(parameter.method).value_or(1);
        point.push_back(space::nth_value(parameter.method, index % count));
        index /= count;
    }
    space_.apply_conditions(point);
    return point;
}

}  // namespace hpogrid::optimizers
