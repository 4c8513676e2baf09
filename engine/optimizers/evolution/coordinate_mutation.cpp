#include "engine/optimizers/evolution/coordinate_mutation.hpp"

#include <algorithm>
#include <cmath>

namespace hpogrid::optimizers {
namespace {

// Standard deviations of a moved number, in units of the cube: evenly between them in the logarithm.
constexpr double longest_step = 1.0 / 6.0;
constexpr double shortest_step = 1.0 / 600.0;

/// k from 1 to `most` with probability ~ k^−1.5.
double power_law(std::size_t most, RandomStream& random) {
    double sum = 0.0;
    for (std::size_t k = 1; k <= most; ++k) {
        sum += std::pow(static_cast<double>(k), -1.5);
    }
    double left = random.uniform() * sum;
    std::size_t k = 1;
    while (k < most && left > std::pow(static_cast<double>(k), -1.5)) {
        left -= std::pow(static_cast<double>(k++), -1.5);
    }
    return static_cast<double>(k);
}

/// Another place: another category; a number drawn anew or moved by a step of any size, by a coin.
double mutated(const CubeDimension& dimension, double unit, RandomStream& random) {
    if (dimension.kind == CubeDimension::Kind::category) {
        return other_category(unit, dimension.categories, random);
    }
    if (random.uniform() < 0.5) {
        return random.uniform();
    }
    const double step = longest_step * std::pow(shortest_step / longest_step, random.uniform());
    return mirrored(unit + step * random.normal());
}

}  // namespace

CoordinateMutation::CoordinateMutation(std::vector<CubeDimension> dimensions, const Options& options)
    : dimensions_{std::move(dimensions)}, options_{options}, best_(dimensions_.size(), 0.5) {}

double CoordinateMutation::amount(std::uint32_t index, RandomStream& random) const {
    const std::size_t dimensions = dimensions_.size();
    const auto d = static_cast<double>(dimensions);
    const auto t = static_cast<double>(index) + 1.0;
    switch (options_.amount) {
        case Amount::discrete:
            return 1.0;
        case Amount::portfolio:
            return dimensions < 2 ? 1.0 : 1.0 + static_cast<double>(random.below(dimensions - 1));
        case Amount::fast:
            return power_law(std::max<std::size_t>(dimensions / 2, 1), random);
        case Amount::double_fast:
            return power_law(std::max<std::size_t>(dimensions - 1, 1), random);
        case Amount::decreasing:
            return std::max(1.0, std::floor(d - t * d / static_cast<double>(options_.budget)));
        case Amount::lengler:
            return std::max(1.0, std::floor(d * 1.54468 * std::log(t) / t));
    }
    return 1.0;
}

Candidate CoordinateMutation::ask(std::uint32_t index, unsigned attempt, RandomStream& random) const {
    Candidate candidate{.unit = best_, .latent = {}, .tag = {}, .origin = "mutation"};
    if (dimensions_.empty() || (!std::isfinite(best_score_) && attempt == 0)) {
        return candidate;
    }
    const std::size_t dimensions = dimensions_.size();
    const double probability = amount(index, random) / static_cast<double>(dimensions);
    const std::size_t certain = random.below(dimensions);
    for (std::size_t i = 0; i < dimensions; ++i) {
        if (i == certain || random.uniform() < probability) {
            candidate.unit[i] = mutated(dimensions_[i], candidate.unit[i], random);
        }
    }
    return candidate;
}

Candidate CoordinateMutation::adopt(std::span<const double> unit, const std::vector<bool>& /*active*/,
                                    RandomStream& /*random*/) const {
    return {.unit = {unit.begin(), unit.end()}, .latent = {}, .tag = {}, .origin = {}};
}

void CoordinateMutation::tell(const Candidate& candidate, double score) {
    // Equal ones are taken: the only way across a plateau.
    if (score <= best_score_ && std::isfinite(score)) {
        best_ = candidate.unit;
        best_score_ = score;
    }
}

}  // namespace hpogrid::optimizers
