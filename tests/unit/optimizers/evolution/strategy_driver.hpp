#pragma once

#include "engine/optimizers/evolution/cube_dimension.hpp"
#include "engine/optimizers/evolution/evolution_strategy.hpp"
#include "engine/space/space.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace hpogrid::optimizers {

/// A space of so many real parameters.
inline space::Space real_space(std::size_t dimensions) {
    std::vector<space::Parameter> parameters;
    for (std::size_t i = 0; i < dimensions; ++i) {
        parameters.push_back({"x" + std::to_string(i), space::Uniform{0, 1}, {}});
    }
    return space::Space{std::move(parameters)};
}

/// Squared distance from 0.3 in every coordinate.
inline double offset_sphere(std::span<const double> unit) {
    double sum = 0.0;
    for (const double u : unit) {
        sum += (u - 0.3) * (u - 0.3);
    }
    return sum;
}

/// Runs `trials` trials, `width` at once, of which the youngest always ends first. Answers the lowest score.
inline double best_of(EvolutionStrategy& strategy, const std::function<double(std::span<const double>)>& function,
                      std::uint32_t trials, std::uint32_t width = 1, std::uint64_t seed = 1) {
    double best = std::numeric_limits<double>::infinity();
    std::uint32_t index = 0;
    while (index < trials) {
        std::vector<Candidate> running;
        for (std::uint32_t i = 0; i < width; ++i, ++index) {
            RandomStream random{seed, index, RandomPurpose::model};
            running.push_back(strategy.ask(index, i, random));
        }
        std::ranges::reverse(running);
        for (const Candidate& candidate : running) {
            const double score = function(candidate.unit);
            best = std::min(best, score);
            strategy.tell(candidate, score);
        }
    }
    return best;
}

}  // namespace hpogrid::optimizers
