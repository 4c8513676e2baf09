#pragma once

#include "engine/optimizers/registry.hpp"
#include "engine/space/space.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::optimizers {

/// Something to minimise, for tests of behaviour. No value: the trial fails.
struct Objective {
    std::string name;
    space::Space space;
    std::function<std::optional<double>(const nlohmann::json& configuration)> score;
};

/// What an optimiser did with an objective.
struct Study {
    std::vector<space::Point> points;
    std::vector<std::string> origins;
    std::vector<double> scores;  ///< infinite where it failed

    [[nodiscard]] double best() const { return *std::ranges::min_element(scores); }
    [[nodiscard]] std::ptrdiff_t count(std::string_view origin) const { return std::ranges::count(origins, origin); }
};

inline Objective quadratic_bowl() {
    return {"quadratic bowl",
            space::Space{
                {{"x", space::Uniform{-5, 5}, {}}, {"y", space::Uniform{-5, 5}, {}}, {"z", space::Normal{0, 2}, {}}}},
            [](const nlohmann::json& c) {
                const auto square = [&](const char* name, double at) {
                    return std::pow(c.at(name).get<double>() - at, 2);
                };
                return square("x", 1.5) + square("y", -2) + square("z", 1);
            }};
}

inline Objective mixed_valley() {
    return {"mixed valley",
            space::Space{{{"rate", space::LogUniform{1e-5, 1, 10}, {}},
                          {"units", space::UniformInt{1, 256}, {}},
                          {"dropout", space::QUniform{0, 1, 0.1}, {}},
                          {"scale", space::QLogUniform{1, 1000, 10, 5}, {}},
                          {"kind", space::Categorical{{"a", "b", "c", "d"}}, {}}}},
            [](const nlohmann::json& c) {
                const double rate = std::log10(c.at("rate").get<double>()) + 3;
                const double units = (c.at("units").get<double>() - 180) / 64;
                const double dropout = c.at("dropout").get<double>() - 0.3;
                const double scale = std::log10(1 + c.at("scale").get<double>()) - 1.5;
                return rate * rate + units * units + 5 * dropout * dropout + scale * scale +
                       (c.at("kind") == "c" ? 0.0 : 0.5);
            }};
}

inline Objective conditional_branches() {
    return {"conditional branches",
            space::Space{{{"branch", space::Categorical{{"near", "far"}}, {}},
                          {"x", space::Uniform{0, 1}, {{"branch", {"near"}}}},
                          {"y", space::Uniform{0, 1}, {{"branch", {"far"}}}},
                          {"w", space::LogNormal{0, 1, 10}, {}}}},
            [](const nlohmann::json& c) {
                const double w = std::pow(std::log10(c.at("w").get<double>()) - 0.5, 2);
                return c.contains("x") ? w + std::abs(c.at("x").get<double>() - 0.9)
                                       : w + 0.3 + std::abs(c.at("y").get<double>() - 0.2);
            }};
}

inline Objective integer_grid() {
    return {"integer grid", space::Space{{{"i", space::UniformInt{0, 19}, {}}, {"j", space::UniformInt{0, 19}, {}}}},
            [](const nlohmann::json& c) {
                return std::abs(c.at("i").get<double>() - 13) + std::abs(c.at("j").get<double>() - 4);
            }};
}

/// The half of the space with x > 0.5 fails; what succeeds is equally good everywhere.
inline Objective failing_half() {
    return {"failing half", space::Space{{{"x", space::Uniform{0, 1}, {}}, {"y", space::Uniform{0, 1}, {}}}},
            [](const nlohmann::json& c) {
                return c.at("x").get<double>() > 0.5 ? std::nullopt : std::optional{c.at("y").get<double>() * 0.0};
            }};
}

/// `concurrency` trials are always out: each result is told before the next point is asked for.
inline Study run_study(std::string_view algorithm, const Objective& objective, std::size_t trials, std::uint64_t seed,
                       const nlohmann::json& parameters = nullptr, std::size_t concurrency = 1) {
    const auto optimizer = make_optimizer(algorithm, {.space = objective.space,
                                                      .parameters = parameters,
                                                      .seed = seed,
                                                      .num_trials = trials,
                                                      .concurrency = concurrency});
    Study study;
    const auto finish = [&](std::size_t trial) {
        const auto score = objective.score(objective.space.configuration(study.points[trial]));
        study.scores.push_back(score.value_or(std::numeric_limits<double>::infinity()));
        optimizer->tell({.kind = score ? Observation::Kind::finished : Observation::Kind::failed,
                         .trial = TrialId{static_cast<std::uint32_t>(trial)},
                         .score = score.value_or(0.0)});
    };
    while (study.scores.size() < trials) {
        if (study.points.size() < trials && study.points.size() < study.scores.size() + concurrency) {
            const auto suggestion = optimizer->ask(1).at(0);
            optimizer->tell({.kind = Observation::Kind::pending,
                             .trial = TrialId{static_cast<std::uint32_t>(study.points.size())},
                             .point = suggestion.point});
            study.points.push_back(suggestion.point);
            study.origins.push_back(suggestion.origin);
        } else {
            finish(study.scores.size());
        }
    }
    return study;
}

/// Whether the algorithm's best of 80 trials is better than random's in at least 29 of 40 studies with fixed seeds: by
/// chance, equals would do that three times in a thousand.
inline bool beats_random(std::string_view algorithm, const Objective& objective,
                         const nlohmann::json& parameters = nullptr, std::size_t concurrency = 1) {
    constexpr int enough = 29;
    int won = 0;
    // Stops as soon as it is decided.
    for (int seed = 0; seed < 40 && won < enough && won + 40 - seed >= enough; ++seed) {
        const auto number = static_cast<std::uint64_t>(seed);
        won += run_study(algorithm, objective, 80, number, parameters, concurrency).best() <
                       run_study("random", objective, 80, number + 1000).best()
                   ? 1
                   : 0;
    }
    return won >= enough;
}

/// Number of failed trials in five studies.
inline double failures(std::string_view algorithm, const Objective& objective, std::size_t trials) {
    double failed = 0;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const Study study = run_study(algorithm, objective, trials, seed);
        failed += static_cast<double>(std::ranges::count_if(study.scores, [](double s) { return std::isinf(s); }));
    }
    return failed;
}

}  // namespace hpogrid::optimizers
