#pragma once

#include "engine/core/error.hpp"
#include "engine/optimizers/registry.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::optimizers {

/// Three numbers, one of them logarithmic, and a category, with a minimum of 0 at (0.3, 0.01, 7, "b").
class Bowl {
  public:
    [[nodiscard]] static const space::Space& space() {
        static const space::Space space{{{"x", space::Uniform{0, 1}, {}},
                                         {"rate", space::LogUniform{1e-4, 1.0, 10}, {}},
                                         {"n", space::UniformInt{1, 20}, {}},
                                         {"c", space::Categorical{{"a", "b", "c"}}, {}}}};
        return space;
    }
    [[nodiscard]] static double value(const space::Point& point) {
        const double x = std::get<double>(point[0]) - 0.3;
        const double rate = (std::log10(std::get<double>(point[1])) + 2.0) / 4.0;
        const double n = (static_cast<double>(std::get<std::int64_t>(point[2])) - 7.0) / 20.0;
        const double category = std::get<space::Category>(point[3]).index == 1 ? 0.0 : 0.3;
        return x * x + rate * rate + n * n + category;
    }
};

/// Points of a study of so many trials, one after the other.
inline std::vector<space::Point> points_on_bowl(std::string_view algorithm, const nlohmann::json& parameters,
                                                std::size_t trials, std::uint64_t seed = 1) {
    const auto optimizer = make_optimizer(
        algorithm, {.space = Bowl::space(), .parameters = parameters, .seed = seed, .num_trials = trials});
    std::vector<space::Point> points;
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
        const auto suggestions = optimizer->ask(1);
        if (suggestions.empty()) {
            break;
        }
        points.push_back(suggestions.front().point);
        optimizer->tell({.kind = Observation::Kind::pending, .trial = TrialId{trial}, .point = points.back()});
        optimizer->tell(
            {.kind = Observation::Kind::finished, .trial = TrialId{trial}, .score = Bowl::value(points.back())});
    }
    return points;
}

inline double best_of_bowl(std::string_view algorithm, const nlohmann::json& parameters, std::size_t trials) {
    double best = std::numeric_limits<double>::infinity();
    for (const space::Point& point : points_on_bowl(algorithm, parameters, trials)) {
        best = std::min(best, Bowl::value(point));
    }
    return best;
}

/// After so many finished trials, the least distance in the unit cube between points of one batch.
inline double least_distance_in_batch(std::string_view algorithm, const nlohmann::json& parameters, std::size_t trials,
                                      std::size_t batch) {
    const auto optimizer = make_optimizer(
        algorithm, {.space = Bowl::space(), .parameters = parameters, .seed = 1, .num_trials = trials + batch});
    std::uint32_t id = 0;
    const auto pend = [&](const space::Point& point) {
        optimizer->tell({.kind = Observation::Kind::pending, .trial = TrialId{id}, .point = point});
        return TrialId{id++};
    };
    for (std::size_t trial = 0; trial < trials; ++trial) {
        const space::Point point = optimizer->ask(1).front().point;
        optimizer->tell({.kind = Observation::Kind::finished, .trial = pend(point), .score = Bowl::value(point)});
    }
    std::vector<std::vector<double>> units;
    double least = std::numeric_limits<double>::infinity();
    for (const Suggestion& suggestion : optimizer->ask(batch)) {
        std::vector<double> unit(Bowl::space().dimensions());
        Bowl::space().encode(suggestion.point, unit);
        for (const std::vector<double>& other : units) {
            double squared = 0.0;
            for (std::size_t i = 0; i < unit.size(); ++i) {
                squared += (unit[i] - other[i]) * (unit[i] - other[i]);
            }
            least = std::min(least, std::sqrt(squared));
        }
        units.push_back(unit);
    }
    return least;
}

/// What the algorithm says of these parameters.
inline std::string refusal_of(std::string_view algorithm, const nlohmann::json& parameters) {
    try {
        static_cast<void>(make_optimizer(algorithm, {.space = Bowl::space(), .parameters = parameters, .seed = 1}));
    } catch (const InputError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace hpogrid::optimizers
