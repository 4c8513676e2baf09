#include "engine/optimizers/parzen/product_pair.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace hpogrid::optimizers {
namespace {

using Side = TrialSplit::Side;

std::vector<const Axis*> axes_of(const ObservedAxes& axes, const AxisGroups::Group& group) {
    std::vector<const Axis*> chosen;
    for (const std::size_t axis : group) {
        chosen.push_back(&axes.axis(axis));
    }
    return chosen;
}

}  // namespace

ProductPair::ProductPair(const ObservedAxes& axes, AxisGroups::Group group, const ProductDensity::Options& options)
    : axes_{axes},
      group_{std::move(group)},
      good_{axes_of(axes, group_), options},
      bad_{axes_of(axes, group_), options},
      columns_(group_.size()),
      coordinates_(group_.size()),
      spots_(group_.size()) {}

bool ProductPair::has_all(std::uint32_t trial) const noexcept {
    return std::ranges::all_of(group_, [&](std::size_t axis) { return axes_.active(axis, trial); });
}

void ProductPair::leave(std::span<const TrialSplit::Move> moves) {
    for (const TrialSplit::Move& move : moves) {
        if (move.from == Side::above && has_all(move.trial)) {
            bad_.erase(move.trial);
        }
    }
}

void ProductPair::join(std::span<const TrialSplit::Move> moves) {
    slots_.clear();
    std::ranges::for_each(columns_, [](std::vector<double>& column) { column.clear(); });
    for (const TrialSplit::Move& move : moves) {
        if (move.to == Side::above && has_all(move.trial)) {
            slots_.push_back(move.trial);
            for (std::size_t i = 0; i < group_.size(); ++i) {
                columns_[i].push_back(axes_.column(group_[i])[move.trial]);
            }
        }
    }
    bad_.insert(slots_, columns_);
}

void ProductPair::rebuild(std::span<const std::uint32_t> below) {
    bad_.prepare();
    // The good ones are few, and numbered anew.
    slots_.clear();
    std::ranges::for_each(columns_, [](std::vector<double>& column) { column.clear(); });
    for (const std::uint32_t trial : below) {
        if (has_all(trial)) {
            slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
            for (std::size_t i = 0; i < group_.size(); ++i) {
                columns_[i].push_back(axes_.column(group_[i])[trial]);
            }
        }
    }
    good_.clear();
    good_.insert(slots_, columns_);
    good_.prepare();
}

std::vector<ProductPair::Candidate> ProductPair::draw(std::size_t count, RandomStream& random) {
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < count; ++i) {
        candidates.push_back(draw_one(random));
    }
    std::ranges::stable_sort(candidates, std::ranges::greater{}, &Candidate::score);
    return candidates;
}

ProductPair::Candidate ProductPair::draw_one(RandomStream& random) {
    Candidate candidate;
    good_.sample(random, coordinates_);
    for (std::size_t i = 0; i < group_.size(); ++i) {
        const Axis& axis = axes_.axis(group_[i]);
        candidate.values.push_back(axis.value(coordinates_[i]));
        spots_[i] = {coordinates_[i], axis.discrete() ? axis.cell(candidate.values.back()) : Interval{0.0, 0.0}};
    }
    candidate.score = good_.log_density(spots_) - bad_.log_density(spots_);
    return candidate;
}

}  // namespace hpogrid::optimizers
