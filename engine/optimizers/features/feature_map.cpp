#include "engine/optimizers/features/feature_map.hpp"

#include "engine/space/quantile.hpp"

#include <algorithm>
#include <numbers>

namespace hpogrid::optimizers {
namespace {

constexpr double indicator = 1.0 / std::numbers::sqrt2;
constexpr double half_way = 0.5;

Coordinate::Kind kind_of(const space::SamplingMethod& method) noexcept {
    if (std::holds_alternative<space::Categorical>(method)) {
        return Coordinate::Kind::category;
    }
    const bool real = std::holds_alternative<space::Uniform>(method) ||
                      std::holds_alternative<space::LogUniform>(method) ||
                      std::holds_alternative<space::Normal>(method) || std::holds_alternative<space::LogNormal>(method);
    return real ? Coordinate::Kind::real : Coordinate::Kind::ordered;
}

std::size_t feature_count_of(Coordinate::Kind kind, std::uint64_t cardinality) noexcept {
    if (cardinality == 1) {
        return 0;
    }
    return kind == Coordinate::Kind::category && cardinality > 2 ? cardinality : 1;
}

}  // namespace

FeatureMap::FeatureMap(const space::Space& space, Categories categories) : space_{space} {
    for (std::size_t index = 0; index < space.parameters().size(); ++index) {
        const space::Parameter& parameter = space.parameters()[index];
        conditional_ = conditional_ || !parameter.conditions.empty();
        if (std::holds_alternative<space::Fixed>(parameter.method)) {
            continue;
        }
        const Coordinate::Kind kind = kind_of(parameter.method);
        const std::uint64_t cardinality = space::cardinality(parameter.method).value_or(0);
        const std::size_t count = feature_count_of(kind, cardinality);
        parameters_.push_back(index);
        coordinates_.push_back({kind, cardinality, groups_.size(), count, !parameter.conditions.empty()});
        for (std::size_t feature = 0; feature < count; ++feature) {
            const bool shares = feature > 0 && categories == Categories::hamming;
            group_count_ += shares ? 0 : 1;
            groups_.push_back(group_count_ - 1);
        }
    }
}

void FeatureMap::write(const space::Point& point, std::span<const double> unit, std::span<double> features) const {
    for (std::size_t dimension = 0; dimension < dimensions(); ++dimension) {
        const bool active = !std::holds_alternative<space::Inactive>(point[parameters_[dimension]]);
        write_coordinate(dimension, unit[dimension], active, features);
    }
}

void FeatureMap::settle(std::span<double> unit, std::span<double> features, std::span<bool> active) const {
    const space::Point point = conditional_ ? space_.decode(unit) : space::Point{};
    for (std::size_t dimension = 0; dimension < dimensions(); ++dimension) {
        const std::size_t parameter = parameters_[dimension];
        active[dimension] = !conditional_ || !std::holds_alternative<space::Inactive>(point[parameter]);
        if (active[dimension] && coordinates_[dimension].kind != Coordinate::Kind::real) {
            const space::SamplingMethod& method = space_.parameters()[parameter].method;
            unit[dimension] = space::unit_of(method, space::quantile(method, unit[dimension]));
        }
        write_coordinate(dimension, unit[dimension], active[dimension], features);
    }
}

void FeatureMap::write_coordinate(std::size_t dimension, double unit, bool active, std::span<double> features) const {
    const Coordinate& coordinate = coordinates_[dimension];
    const auto own = features.subspan(coordinate.first_feature, coordinate.feature_count);
    if (coordinate.kind != Coordinate::Kind::category || own.empty()) {
        std::ranges::fill(own, active ? unit : half_way);
        return;
    }
    const auto count = static_cast<double>(coordinate.cardinality);
    const auto index = std::min(static_cast<std::size_t>(unit * count), static_cast<std::size_t>(count) - 1);
    if (own.size() == 1) {
        own[0] = active ? static_cast<double>(index) : half_way;
        return;
    }
    std::ranges::fill(own, 0.0);
    if (active) {
        own[index] = indicator;
    }
}

}  // namespace hpogrid::optimizers
