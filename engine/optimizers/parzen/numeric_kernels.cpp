#include "engine/optimizers/parzen/numeric_kernels.hpp"

#include "engine/optimizers/parzen/truncated_normal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace hpogrid::optimizers {
namespace {

using Entry = SortedCentres::Entry;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double unclipped = 1e-12;
/// A kernel no wider than the range that is centred within it has at least Φ(1) − Φ(0) of itself there.
constexpr double least_mass = 0.34;

double log_peak(double width) noexcept {
    return -std::log(width * std::sqrt(2 * std::numbers::pi));
}

double mass_between(Interval range, double centre, double inverse_width) noexcept {
    return normal_mass((range.low - centre) * inverse_width, (range.high - centre) * inverse_width);
}

}  // namespace

void NumericKernels::clear() {
    sorted_.clear();
    centres_.clear();
    inverse_widths_.clear();
    log_scales_.clear();
    stale_.clear();
    all_stale_ = true;
    changed_ = true;
}

void NumericKernels::insert(std::span<const Entry> entries) {
    std::size_t slots = centres_.size();
    for (const Entry& entry : entries) {
        slots = std::max<std::size_t>(slots, entry.trial + std::size_t{1});
    }
    centres_.resize(slots, 0.0);
    inverse_widths_.resize(slots, 0.0);
    log_scales_.resize(slots, -infinity);
    for (const Entry& entry : entries) {
        centres_[entry.trial] = entry.centre;
    }
    changed_ = true;
    constexpr std::size_t many = 8;
    if (entries.size() > many) {
        sorted_.insert(entries);
        all_stale_ = true;
        return;
    }
    for (const Entry& entry : entries) {
        const std::size_t at = sorted_.insert(entry);
        const std::size_t end = std::min(at + 2, sorted_.entries().size());
        for (std::size_t i = at > 0 ? at - 1 : 0; i < end; ++i) {
            stale_.push_back(sorted_.entries()[i].trial);
        }
    }
}

void NumericKernels::erase(std::uint32_t slot) {
    const std::size_t at = sorted_.erase({centres_[slot], slot});
    const std::size_t end = std::min(at + 1, sorted_.entries().size());
    for (std::size_t i = at > 0 ? at - 1 : 0; i < end; ++i) {
        stale_.push_back(sorted_.entries()[i].trial);
    }
    log_scales_[slot] = -infinity;
    changed_ = true;
}

void NumericKernels::prepare() {
    const std::size_t count = sorted_.entries().size();
    const double narrowest = rule_.magic_clip ? narrowest_bandwidth(count) : unclipped;
    if (all_stale_ || narrowest != narrowest_) {
        narrowest_ = narrowest;
        for (std::size_t i = 0; i < count; ++i) {
            compute(i);
        }
    } else {
        for (const std::uint32_t slot : stale_) {
            const std::size_t at = sorted_.position({centres_[slot], slot});
            // It may have been erased since.
            if (at < count && sorted_.entries()[at].trial == slot) {
                compute(at);
            }
        }
    }
    stale_.clear();
    all_stale_ = false;
    if (changed_ && axis_->discrete()) {
        find_kinds();
    }
    changed_ = false;
}

void NumericKernels::compute(std::size_t position) {
    const Entry& entry = sorted_.entries()[position];
    const double gap = neighbour_gap(sorted_.entries(), position, rule_.neighbours, *axis_);
    const double width = std::clamp(gap, narrowest_, prior_bandwidth);
    const double scale = 1.0 / width;
    inverse_widths_[entry.trial] = scale;
    log_scales_[entry.trial] =
        (axis_->discrete() ? 0.0 : log_peak(width)) - std::log(mass_between(axis_->range(), entry.centre, scale));
}

void NumericKernels::find_kinds() {
    kinds_.clear();
    kind_of_.resize(centres_.size());
    for (const Entry& entry : sorted_.entries()) {
        const Kind kind{entry.centre, inverse_widths_[entry.trial], log_scales_[entry.trial]};
        if (kinds_.empty() || kinds_.back().centre != kind.centre ||
            kinds_.back().inverse_width != kind.inverse_width) {
            kinds_.push_back(kind);
        }
        kind_of_[entry.trial] = static_cast<std::uint32_t>(kinds_.size() - 1);
    }
    kind_logs_.resize(kinds_.size());
}

double NumericKernels::kind_log(const Kind& kind, const Spot& spot, double floor) noexcept {
    // What a kernel has beyond an edge that is z widths away is below exp(−z²/2) / 2.
    const double beyond = std::max({spot.cell.low - kind.centre, kind.centre - spot.cell.high, 0.0});
    const double z = beyond * kind.inverse_width;
    return kind.log_scale - 0.5 * z * z > floor
               ? kind.log_scale + std::log(mass_between(spot.cell, kind.centre, kind.inverse_width))
               : -infinity;
}

void NumericKernels::tabulate(const Spot& spot, double floor) {
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
        kind_logs_[i] = kind_log(kinds_[i], spot, floor);
    }
}

void NumericKernels::start(const Spot& spot, double floor, SurvivingKernels& kernels) {
    if (axis_->discrete()) {
        tabulate(spot, floor);
        kernels.start(slots(), floor, [&](std::uint32_t slot) {
            return log_scales_[slot] == -infinity ? -infinity : kind_logs_[kind_of_[slot]];
        });
    } else {
        kernels.start(slots(), floor, [&, x = spot.coordinate](std::uint32_t slot) {
            const double z = (x - centres_[slot]) * inverse_widths_[slot];
            return log_scales_[slot] - 0.5 * z * z;
        });
    }
}

void NumericKernels::multiply(const Spot& spot, double floor, SurvivingKernels& kernels) {
    if (!axis_->discrete()) {
        kernels.multiply(floor, [&, x = spot.coordinate](std::uint32_t slot) {
            const double z = (x - centres_[slot]) * inverse_widths_[slot];
            return log_scales_[slot] - 0.5 * z * z;
        });
    } else if (kernels.slots.size() > kinds_.size()) {
        tabulate(spot, floor - std::ranges::max(kernels.logs));
        kernels.multiply(floor, [&](std::uint32_t slot) { return kind_logs_[kind_of_[slot]]; });
    } else {
        kernels.multiply(floor, [&](std::uint32_t slot) { return kind_log(kinds_[kind_of_[slot]], spot, -infinity); });
    }
}

double NumericKernels::prior_log(const Spot& spot) const noexcept {
    const double inside = mass_between(axis_->range(), axis_->middle(), 1.0);
    if (axis_->discrete()) {
        return std::log(std::max(mass_between(spot.cell, axis_->middle(), 1.0), std::numeric_limits<double>::min()) /
                        inside);
    }
    const double z = spot.coordinate - axis_->middle();
    return log_peak(prior_bandwidth) - 0.5 * z * z - std::log(inside);
}

double NumericKernels::bound() const noexcept {
    return -std::log(least_mass) + (axis_->discrete() ? 0.0 : log_peak(narrowest_));
}

double NumericKernels::sample(std::uint32_t slot, RandomStream& random) const noexcept {
    return truncated_normal_quantile(centres_[slot], 1.0 / inverse_widths_[slot], axis_->range(), random.uniform());
}

double NumericKernels::sample_prior(RandomStream& random) const noexcept {
    return truncated_normal_quantile(axis_->middle(), prior_bandwidth, axis_->range(), random.uniform());
}

}  // namespace hpogrid::optimizers
