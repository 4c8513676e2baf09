#include "engine/optimizers/gaussian_process/score_scale.hpp"

#include "engine/space/normal_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <utility>

namespace hpogrid::optimizers {
namespace {

constexpr std::size_t fewest_for_quartiles = 5;

}  // namespace

ScoreScale::ScoreScale(std::span<const double> scores, Shape shape) {
    if (scores.empty()) {
        return;
    }
    const auto [low, high] = std::ranges::minmax(scores);
    half_low_ = low / 2;
    half_range_ = high / 2 - half_low_;
    if (half_range_ == 0.0) {
        return;
    }
    standardise(settle_outliers(scores, shape.outliers));
    if (shape.normal) {
        std::vector<double> standardised;
        std::ranges::transform(scores, std::back_inserter(standardised), std::cref(*this));
        power_ = PowerTransform{standardised};
    }
    worst_ = (*this)(high);
}

std::vector<double> ScoreScale::settle_outliers(std::span<const double> scores, Outliers outliers) {
    std::vector<double> places;
    std::ranges::transform(scores, std::back_inserter(places), [&](double score) { return place(score); });
    if (outliers != Outliers::keep && places.size() >= fewest_for_quartiles) {
        std::vector<double> sorted = places;
        std::ranges::sort(sorted);
        outliers == Outliers::rank ? find_ranks(std::move(sorted)) : find_cap(std::move(sorted));
        std::ranges::transform(places, places.begin(), [&](double place) { return bent(place); });
        top_ = std::ranges::max(places);
        std::ranges::for_each(places, [&](double& place) { place /= top_; });
    }
    return places;
}

void ScoreScale::standardise(std::span<const double> places) {
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
}

void ScoreScale::find_cap(std::vector<double> sorted) {
    const auto quartile = [&](std::size_t number) { return sorted[(sorted.size() - 1) * number / 4]; };
    reach_ = std::max(quartile(3) - quartile(1), quartile(2));
    cap_ = reach_ > 0.0 ? quartile(3) + 3 * reach_ : 1.0;
}

void ScoreScale::find_ranks(std::vector<double> sorted) {
    const std::size_t half = (sorted.size() - 1) / 2;
    const double median = sorted[half];
    // In units of the better half: squares of places themselves may be too small for a number.
    const double reach = median - sorted.front();
    double squares = 0.0;
    for (std::size_t i = 0; i <= half && reach > 0.0; ++i) {
        const double distance = (median - sorted[i]) / reach;
        squares += distance * distance;
    }
    const double spread = reach * std::sqrt(squares / static_cast<double>(half + 1));
    if (!(spread > 0.0)) {
        find_cap(std::move(sorted));
        return;
    }
    knots_ = {median};
    ranked_ = {median};
    for (std::size_t i = half + 1; i < sorted.size(); ++i) {
        const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(sorted.size());
        const double ranked = median + spread * std::max(0.0, space::normal_quantile(share));
        if (sorted[i] > knots_.back()) {
            knots_.push_back(sorted[i]);
            ranked_.push_back(ranked);
        } else if (knots_.size() > 1) {
            ranked_.back() = ranked;
        }
    }
}

double ScoreScale::place(double score) const noexcept {
    return (score / 2 - half_low_) / half_range_;
}

double ScoreScale::bent(double place) const noexcept {
    if (!knots_.empty() && place > knots_.front()) {
        const auto above = std::ranges::lower_bound(knots_, place);
        if (above == knots_.end()) {
            return ranked_.back();
        }
        const auto i = static_cast<std::size_t>(above - knots_.begin());
        return std::lerp(ranked_[i - 1], ranked_[i], (place - knots_[i - 1]) / (knots_[i] - knots_[i - 1]));
    }
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
    return power_((bent(place(score)) / top_ - mean_) / deviation_);
}

}  // namespace hpogrid::optimizers
