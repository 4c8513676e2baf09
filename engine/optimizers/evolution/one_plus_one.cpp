#include "engine/optimizers/evolution/one_plus_one.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hpogrid::optimizers {
namespace {

constexpr double least_step = 1e-12;
constexpr double most_step = 1.0;

}  // namespace

OnePlusOne::OnePlusOne(std::vector<CubeDimension> dimensions, Noise noise)
    : dimensions_{std::move(dimensions)}, noise_{noise}, best_(dimensions_.size(), 0.5) {}

Candidate OnePlusOne::ask(std::uint32_t /*index*/, unsigned attempt, RandomStream& random) const {
    Candidate candidate{.unit = best_, .latent = {}, .tag = {}, .origin = "one_plus_one"};
    if (!std::isfinite(best_score_) && attempt == 0) {
        return candidate;
    }
    const auto noise = [&] {
        return noise_ == Noise::gaussian ? random.normal() : std::tan(std::numbers::pi * (random.uniform() - 0.5));
    };
    for (std::size_t i = 0; i < dimensions_.size(); ++i) {
        double& unit = candidate.unit[i];
        if (dimensions_[i].kind != CubeDimension::Kind::category) {
            unit = mirrored(unit + step_ * noise());
        } else if (random.below(dimensions_.size()) == 0) {
            unit = other_category(unit, dimensions_[i].categories, random);
        }
    }
    return candidate;
}

Candidate OnePlusOne::adopt(std::span<const double> unit, const std::vector<bool>& /*active*/,
                            RandomStream& /*random*/) const {
    return {.unit = {unit.begin(), unit.end()}, .latent = {}, .tag = {}, .origin = {}};
}

void OnePlusOne::tell(const Candidate& candidate, double score) {
    if (score != best_score_) {
        step_ = std::clamp(step_ * (score < best_score_ ? 2.0 : 0.84), least_step, most_step);
    }
    if (score <= best_score_ && std::isfinite(score)) {
        best_ = candidate.unit;
        best_score_ = score;
    }
}

}  // namespace hpogrid::optimizers
