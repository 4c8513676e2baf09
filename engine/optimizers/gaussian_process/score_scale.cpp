#include "engine/optimizers/gaussian_process/score_scale.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hpogrid::optimizers {
namespace {

constexpr std::size_t fewest_for_quartiles = 5;

}  // namespace

ScoreScale::ScoreScale(std::span<const double> scores, Outliers outliers) {
    if (scores.empty()) {
        return;
    }
    const auto [low, high] = std::ranges::minmax(scores);
    half_low_ = low / 2;
    half_range_ = high / 2 - half_low_;
    if (half_range_ == 0.0) {
        return;
    }
    std::vector<double> places;
    for (const double score : scores) {
        places.push_back(compressed(score));
    }
    if (outliers == Outliers::compress && places.size() >= fewest_for_quartiles) {
        std::vector<double> sorted = places;
        std::ranges::sort(sorted);
        const auto quartile = [&](std::size_t number) { return sorted[(sorted.size() - 1) * number / 4]; };
        reach_ = std::max(quartile(3) - quartile(1), quartile(2));
        cap_ = reach_ > 0.0 ? quartile(3) + 3 * reach_ : 1.0;
        std::ranges::transform(scores, places.begin(), [&](double score) { return compressed(score); });
        top_ = std::ranges::max(places);
        std::ranges::for_each(places, [&](double& place) { place /= top_; });
    }
    const auto count = static_cast<double>(places.size());
    double mean = 0.0;
    for (const double place : places) {
        mean += place / count;
    }
    double variance = 0.0;
    for (const double place : places) {
        variance += (place - mean) * (place - mean) / count;
    }
    mean_ = mean;
    deviation_ = std::sqrt(variance);
    worst_ = (*this)(high);
}

double ScoreScale::compressed(double score) const noexcept {
    const double place = (score / 2 - half_low_) / half_range_;
    if (place <= cap_) {
        return place;
    }
    const double excess = (place - cap_) / reach_;
    return cap_ + reach_ * (std::isfinite(excess) ? excess / (1.0 + excess) : 1.0);
}

double ScoreScale::operator()(double score) const noexcept {
    if (half_range_ == 0.0) {
        return 0.0;
    }
    return (compressed(score) / top_ - mean_) / deviation_;
}

}  // namespace hpogrid::optimizers
