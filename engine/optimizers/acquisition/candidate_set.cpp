#include "engine/optimizers/acquisition/candidate_set.hpp"

#include "engine/optimizers/sampling/sobol_sequence.hpp"

#include <algorithm>
#include <cmath>

namespace hpogrid::optimizers {
namespace {

using Kind = Coordinate::Kind;

/// Another place, `scale` away or so; for discrete coordinates at least one value away, if that is inside.
double mutated(const Coordinate& coordinate, double unit, double scale, RandomStream& random) {
    if (coordinate.kind == Kind::category) {
        const auto count = static_cast<double>(coordinate.cardinality);
        const double steps = 1.0 + static_cast<double>(random.below(coordinate.cardinality - 1));
        return std::fmod(unit + steps / count, 1.0);
    }
    double change = scale * random.normal();
    if (coordinate.cardinality > 0) {
        const double step = 1.0 / static_cast<double>(coordinate.cardinality);
        change += std::copysign(step, change);
    }
    const double moved = unit + change;
    // Mirrored at the ends.
    return std::clamp(moved < 0.0 ? -moved : moved > 1.0 ? 2.0 - moved : moved, 0.0, 1.0);
}

}  // namespace

double SearchRegion::inside(const Coordinate& coordinate, std::size_t dimension, double unit) const {
    return coordinate.kind == Kind::category ? unit : std::clamp(unit, low(dimension), high(dimension));
}

CandidateSet::CandidateSet(const FeatureMap& map, std::size_t capacity)
    : map_{map},
      units_(static_cast<Eigen::Index>(map.dimensions()), static_cast<Eigen::Index>(capacity)),
      features_(static_cast<Eigen::Index>(map.feature_count()), static_cast<Eigen::Index>(capacity)),
      active_{std::make_unique<bool[]>(map.dimensions() * capacity)} {}

void CandidateSet::add(std::span<const double> unit) {
    const auto column = static_cast<Eigen::Index>(size_);
    const std::span<double> own{units_.col(column).data(), map_.dimensions()};
    std::ranges::copy(unit, own.begin());
    map_.settle(own, {features_.col(column).data(), map_.feature_count()},
                {active_.get() + size_ * map_.dimensions(), map_.dimensions()});
    ++size_;
}

std::span<const double> CandidateSet::unit(std::size_t candidate) const {
    return {units_.col(static_cast<Eigen::Index>(candidate)).data(), map_.dimensions()};
}

std::span<const bool> CandidateSet::active(std::size_t candidate) const {
    return {active_.get() + candidate * map_.dimensions(), map_.dimensions()};
}

void add_quasi_random(CandidateSet& candidates, const FeatureMap& map, const SearchRegion& region, std::size_t count,
                      RandomStream& random) {
    const SobolSequence sequence{map.dimensions(), random()};
    std::vector<double> unit(map.dimensions());
    for (std::size_t i = 0; i < count; ++i) {
        sequence.point(static_cast<std::uint32_t>(i), unit);
        for (std::size_t dimension = 0; dimension < unit.size(); ++dimension) {
            if (map.coordinates()[dimension].kind != Kind::category) {
                unit[dimension] = std::lerp(region.low(dimension), region.high(dimension), unit[dimension]);
            }
        }
        candidates.add(unit);
    }
}

void add_mutations(CandidateSet& candidates, const FeatureMap& map, const SearchRegion& region,
                   std::span<const std::vector<double>> anchors, std::size_t count, RandomStream& random) {
    constexpr double scales[]{0.2, 0.05, 0.01, 0.001};
    std::vector<std::size_t> variable;
    for (std::size_t dimension = 0; dimension < map.dimensions(); ++dimension) {
        if (map.coordinates()[dimension].feature_count > 0) {
            variable.push_back(dimension);
        }
    }
    if (anchors.empty() || variable.empty()) {
        return;
    }
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<double> unit = anchors[i % anchors.size()];
        const double scale = scales[random.below(std::size(scales))];
        // One dimension for certain, and of the others one, or a third of them, on average.
        const std::size_t certain = variable[random.below(variable.size())];
        const double share = random.uniform() < 0.5 ? 1.0 / static_cast<double>(variable.size()) : 1.0 / 3.0;
        for (const std::size_t dimension : variable) {
            if (dimension == certain || random.uniform() < share) {
                const Coordinate& coordinate = map.coordinates()[dimension];
                unit[dimension] =
                    region.inside(coordinate, dimension, mutated(coordinate, unit[dimension], scale, random));
            }
        }
        candidates.add(unit);
    }
}

}  // namespace hpogrid::optimizers
