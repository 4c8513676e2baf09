#include "engine/optimizers/parzen/ranked_candidates.hpp"

#include <algorithm>
#include <utility>

namespace hpogrid::optimizers {
namespace {

/// Densities below count as this one (hpbandster's bohb.py).
constexpr double least_density = 1e-32;

double ratio(double good, double other) {
    return std::max(good, least_density) / std::max(other, least_density);
}

}  // namespace

void RankedCandidates::add(std::vector<space::Value> values, std::vector<double> at, double good) {
    entries_.push_back({.candidate = {std::move(values), ratio(good, 0.0)},
                        .at = std::move(at),
                        .good = good,
                        .blocks_left = others_.blocks(),
                        .number = added_++});
    std::ranges::push_heap(entries_, comes_later);
}

std::optional<DensityCandidate> RankedCandidates::next() {
    while (!entries_.empty()) {
        std::ranges::pop_heap(entries_, comes_later);
        if (entries_.back().blocks_left == 0) {
            DensityCandidate best = std::move(entries_.back().candidate);
            entries_.pop_back();
            return best;
        }
        look_further(entries_.back());
        std::ranges::push_heap(entries_, comes_later);
    }
    return std::nullopt;
}

void RankedCandidates::look_further(Entry& entry) const {
    // From the newest trials to the oldest: they crowd where the candidates are.
    entry.other += others_.contribution(--entry.blocks_left, entry.at);
    entry.candidate.score = ratio(entry.good, entry.other);
}

bool RankedCandidates::comes_later(const Entry& one, const Entry& other) noexcept {
    return one.candidate.score != other.candidate.score ? one.candidate.score < other.candidate.score
                                                        : one.number > other.number;
}

}  // namespace hpogrid::optimizers
