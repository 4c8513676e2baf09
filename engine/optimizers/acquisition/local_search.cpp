#include "engine/optimizers/acquisition/local_search.hpp"

#include "engine/numerics/bounded_minimizer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hpogrid::optimizers {
namespace {

using Kind = Coordinate::Kind;

/// Ordered values from here on are as good as real while a gradient is followed.
constexpr std::uint64_t many_values = 32;
constexpr std::size_t most_moves = 16;  ///< in one dimension
/// A descent begins with steps of this size: starts are near what they look for.
constexpr double first_step = 0.1;
constexpr double least_gain = 1e-9;

bool glides(const Coordinate& coordinate) noexcept {
    return coordinate.kind == Kind::real ||
           (coordinate.kind == Kind::ordered && (coordinate.cardinality == 0 || coordinate.cardinality > many_values));
}

}  // namespace

LocalSearch::LocalSearch(const Acquisition& acquisition, const FeatureMap& map, const SearchRegion& region,
                         const LocalSearchLimits& limits)
    : acquisition_{acquisition},
      map_{map},
      region_{region},
      limits_{limits},
      single_{map, 1},
      moves_{map, most_moves * std::max<std::size_t>(map.dimensions(), 1)} {
    for (const Coordinate& coordinate : map.coordinates()) {
        glides_.push_back(acquisition.smooth() && glides(coordinate));
    }
}

ScoredPlace LocalSearch::climb(ScoredPlace place, RandomStream& random) {
    for (std::size_t round = 0; round < limits_.rounds; ++round) {
        const bool descended = descend(place);
        if (!move(place, random) || (!descended && round > 0)) {
            break;
        }
    }
    return place;
}

bool LocalSearch::take_if_better(ScoredPlace& place, std::span<const double> unit) {
    single_.clear();
    single_.add(unit);
    const double value = acquisition_.values(single_.features())(0);
    if (!(value > place.value)) {
        return false;
    }
    place = {{single_.unit(0).begin(), single_.unit(0).end()}, value};
    return true;
}

bool LocalSearch::descend(ScoredPlace& place) {
    single_.clear();
    single_.add(place.unit);
    std::vector<std::size_t> dimensions;
    for (std::size_t dimension = 0; dimension < map_.dimensions(); ++dimension) {
        const bool variable = map_.coordinates()[dimension].feature_count > 0;
        if (glides_[dimension] && variable && single_.active(0)[dimension]) {
            dimensions.push_back(dimension);
        }
    }
    if (dimensions.empty()) {
        return false;
    }
    const auto count = static_cast<Eigen::Index>(dimensions.size());
    Eigen::VectorXd start(count);
    Eigen::VectorXd lower(count);
    Eigen::VectorXd upper(count);
    for (Eigen::Index i = 0; i < count; ++i) {
        const std::size_t dimension = dimensions[static_cast<std::size_t>(i)];
        start(i) = place.unit[dimension];
        lower(i) = region_.low(dimension);
        upper(i) = region_.high(dimension);
    }
    const auto feature_of = [&](Eigen::Index i) {
        return static_cast<Eigen::Index>(map_.coordinates()[dimensions[static_cast<std::size_t>(i)]].first_feature);
    };
    Eigen::VectorXd feature = single_.features().col(0);
    Eigen::VectorXd feature_gradient(feature.size());
    const numerics::SmoothFunction function = [&](const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
        for (Eigen::Index i = 0; i < count; ++i) {
            feature(feature_of(i)) = x(i);
        }
        const double value = acquisition_.value_and_gradient(feature, feature_gradient);
        gradient.resize(count);
        for (Eigen::Index i = 0; i < count; ++i) {
            gradient(i) = -feature_gradient(feature_of(i));
        }
        return -value;
    };
    const numerics::Minimum minimum = numerics::minimize_bounded(function, start, lower, upper,
                                                                 {.evaluations = limits_.gradient_evaluations,
                                                                  .iterations = limits_.gradient_evaluations,
                                                                  .first_step = first_step,
                                                                  .gradient_tolerance = 1e-4,
                                                                  .value_tolerance = 1e-6});
    std::vector<double> unit = place.unit;
    for (Eigen::Index i = 0; i < count; ++i) {
        unit[dimensions[static_cast<std::size_t>(i)]] = minimum.x(i);
    }
    return take_if_better(place, unit);
}

void LocalSearch::add_moves(const ScoredPlace& place, std::size_t dimension, RandomStream& random) {
    const Coordinate& coordinate = map_.coordinates()[dimension];
    std::vector<double> unit = place.unit;
    const auto add = [&](double to) {
        unit[dimension] = region_.inside(coordinate, dimension, std::clamp(to, 0.0, 1.0));
        moves_.add(unit);
    };
    const double here = place.unit[dimension];
    const auto count = static_cast<double>(coordinate.cardinality);
    if (coordinate.kind == Kind::category) {
        const std::uint64_t others = coordinate.cardinality - 1;
        const bool all = others <= most_moves;
        for (std::uint64_t i = 0; i < std::min<std::uint64_t>(others, most_moves); ++i) {
            const std::uint64_t steps = 1 + (all ? i : random.below(others));
            add(std::fmod(here + static_cast<double>(steps) / count, 1.0));
        }
        return;
    }
    if (coordinate.kind == Kind::ordered && coordinate.cardinality > 0) {
        // Quantised on a logarithmic scale, neighbours are not equally far: some moves may lead nowhere.
        for (const double steps : {1.0, 2.0, 4.0}) {
            add(here - steps / count);
            add(here + steps / count);
        }
    }
    for (const double scale : {0.1, 0.02, 0.004}) {
        add(here + scale * random.normal());
    }
    add(random.uniform());
}

bool LocalSearch::move(ScoredPlace& place, RandomStream& random) {
    bool moved = false;
    for (std::size_t round = 0; round < limits_.rounds; ++round) {
        moves_.clear();
        single_.clear();
        single_.add(place.unit);
        for (std::size_t dimension = 0; dimension < map_.dimensions(); ++dimension) {
            const bool variable = map_.coordinates()[dimension].feature_count > 0;
            if (!glides_[dimension] && variable && single_.active(0)[dimension]) {
                add_moves(place, dimension, random);
            }
        }
        if (moves_.size() == 0) {
            return moved;
        }
        Eigen::Index best = 0;
        const Eigen::VectorXd values = acquisition_.values(moves_.features());
        // A value that is no number loses against all.
        const double value = values.array().isNaN().select(place.value, values.array()).maxCoeff(&best);
        if (!(value > place.value + least_gain * std::abs(place.value))) {
            return moved;
        }
        const auto unit = moves_.unit(static_cast<std::size_t>(best));
        place = {{unit.begin(), unit.end()}, value};
        moved = true;
    }
    return moved;
}

}  // namespace hpogrid::optimizers
