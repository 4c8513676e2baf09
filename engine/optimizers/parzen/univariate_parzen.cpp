#include "engine/optimizers/parzen/univariate_parzen.hpp"

#include "engine/optimizers/parzen/neighbour_bandwidth.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace hpogrid::optimizers {
namespace {

using Side = TrialSplit::Side;

/// Whether sums over boxes of kernels take less time than sums over the kernels nearby. An axis without end may have
/// points anywhere, and boxes cover all that lies between.
bool are_many(std::span<const SortedCentres::Entry> sorted) noexcept {
    return sorted.size() >= 2000 && sorted.back().centre - sorted.front().centre < 100 * prior_bandwidth;
}

/// Far from everything a density is smaller than any number; its logarithm stays finite.
double logarithm(double density) noexcept {
    return std::log(std::max(density, std::numeric_limits<double>::min()));
}

void normalise(std::vector<double>& probabilities) {
    const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
    std::ranges::for_each(probabilities, [&](double& probability) { probability /= sum; });
}

void add_once(UnivariateParzen::Candidate candidate, std::vector<UnivariateParzen::Candidate>& candidates) {
    if (std::ranges::find(candidates, candidate.value, &UnivariateParzen::Candidate::value) == candidates.end()) {
        candidates.push_back(candidate);
    }
}

}  // namespace

void UnivariateParzen::rebuild(std::span<const double> coordinates, std::span<const Side> sides,
                               std::span<const double> weights, std::span<const std::uint32_t> below) {
    if (axis_->categorical()) {
        count_categories(coordinates, sides, weights);
        return;
    }
    below_.clear();
    for (const std::uint32_t trial : below) {
        below_.push_back({coordinates[trial], trial});
    }
    std::ranges::sort(below_);
    build(good_, below_, weights);
    if (are_many(above_.entries())) {
        build_of_many(coordinates, sides, weights);
    } else {
        build(bad_, above_.entries(), weights);
    }
}

void UnivariateParzen::count_categories(std::span<const double> coordinates, std::span<const Side> sides,
                                        std::span<const double> weights) {
    good_categories_.assign(axis_->categories(), prior_weight_);
    bad_categories_.assign(axis_->categories(), prior_weight_);
    for (std::size_t trial = 0; trial < coordinates.size(); ++trial) {
        if (sides[trial] != Side::none && !std::isnan(coordinates[trial])) {
            auto& counts = sides[trial] == Side::below ? good_categories_ : bad_categories_;
            counts[static_cast<std::size_t>(coordinates[trial])] += weights[trial];
        }
    }
    normalise(good_categories_);
    normalise(bad_categories_);
}

void UnivariateParzen::build(NormalMixture& mixture, std::span<const SortedCentres::Entry> sorted,
                             std::span<const double> weights) const {
    const double narrowest = narrowest_bandwidth(sorted.size());
    mixture.clear(axis_->range(), narrowest);
    mixture.add(axis_->middle(), prior_bandwidth, prior_weight_);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const double gap = neighbour_gap(sorted, i, Neighbours::with_prior, *axis_);
        mixture.add(sorted[i].centre, std::clamp(gap, narrowest, prior_bandwidth), weights[sorted[i].trial]);
    }
}

/// Nearly all kernels are the narrowest: they are added in the order of their trials, as memory has them, and the few
/// wider ones are taken out again.
void UnivariateParzen::build_of_many(std::span<const double> coordinates, std::span<const Side> sides,
                                     std::span<const double> weights) {
    const auto sorted = above_.entries();
    const double narrowest = narrowest_bandwidth(sorted.size());
    bad_.clear_for_many(axis_->range(), narrowest, {sorted.front().centre, sorted.back().centre});
    for (std::size_t trial = 0; trial < coordinates.size(); ++trial) {
        if (sides[trial] == Side::above && !std::isnan(coordinates[trial])) {
            bad_.add_narrowest(coordinates[trial], weights[trial]);
        }
    }
    bad_.add(axis_->middle(), prior_bandwidth, prior_weight_);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const bool alone_left = i == 0 || sorted[i].centre - sorted[i - 1].centre > narrowest;
        const bool alone_right = i + 1 == sorted.size() || sorted[i + 1].centre - sorted[i].centre > narrowest;
        if (alone_left || alone_right) {
            // The prior's kernel may stand between them yet.
            const double gap = neighbour_gap(sorted, i, Neighbours::with_prior, *axis_);
            if (gap > narrowest) {
                const double weight = weights[sorted[i].trial];
                bad_.add_narrowest(sorted[i].centre, -weight);
                bad_.add(sorted[i].centre, std::min(gap, prior_bandwidth), weight);
            }
        }
    }
}

void UnivariateParzen::draw(std::size_t count, RandomStream& random, std::vector<Candidate>& candidates) const {
    candidates.clear();
    for (std::size_t i = 0; i < count; ++i) {
        if (axis_->categorical()) {
            const std::uint32_t category = draw_category(random);
            add_once({space::Category{category}, 0.0}, candidates);
        } else {
            const double coordinate = good_.sample(random);
            space::Value value = axis_->value(coordinate);
            if (axis_->discrete()) {
                add_once({value, 0.0}, candidates);
            } else {
                candidates.push_back(
                    {value, logarithm(good_.kernel_sum(coordinate)) - logarithm(bad_.kernel_sum(coordinate))});
            }
        }
    }
    if (axis_->categorical() || axis_->discrete()) {
        std::ranges::for_each(candidates,
                              [&](Candidate& candidate) { candidate.score = discrete_score(candidate.value); });
    }
    std::ranges::stable_sort(candidates, std::ranges::greater{}, &Candidate::score);
}

std::uint32_t UnivariateParzen::draw_category(RandomStream& random) const {
    double left = random.uniform();
    std::uint32_t category = 0;
    while (category + 1 < good_categories_.size() && left >= good_categories_[category]) {
        left -= good_categories_[category++];
    }
    return category;
}

double UnivariateParzen::discrete_score(const space::Value& value) const {
    if (const auto* category = std::get_if<space::Category>(&value)) {
        return logarithm(good_categories_[category->index]) - logarithm(bad_categories_[category->index]);
    }
    const Interval cell = axis_->cell(value);
    return logarithm(good_.cell_sum(cell)) - logarithm(bad_.cell_sum(cell));
}

}  // namespace hpogrid::optimizers
