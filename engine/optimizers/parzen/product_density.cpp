#include "engine/optimizers/parzen/product_density.hpp"

#include "engine/core/overloaded.hpp"
#include "engine/optimizers/parzen/linear_forgetting.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace hpogrid::optimizers {
namespace {

/// Kernels that are smaller than the prior's by this factor, and together no larger, are dropped.
constexpr double log_negligible = -32.0;

std::uint32_t category(const Spot& spot) noexcept {
    return static_cast<std::uint32_t>(spot.coordinate);
}

}  // namespace

ProductDensity::ProductDensity(std::span<const Axis* const> axes, const Options& options)
    : options_{options}, order_(axes.size()), bounds_(axes.size() + 1, 0.0) {
    for (const Axis* axis : axes) {
        if (axis->categorical()) {
            kernels_.emplace_back(std::in_place_type<CategoryKernels>, axis->categories(), options.prior_weight);
        } else {
            kernels_.emplace_back(std::in_place_type<NumericKernels>, *axis, options.rule);
        }
    }
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    const auto cost = [&](std::size_t i) { return axes[i]->categorical() ? 2 : axes[i]->discrete() ? 1 : 0; };
    std::ranges::stable_sort(order_, {}, cost);
    prepare();
}

void ProductDensity::clear() {
    for (Kernels& kernels : kernels_) {
        std::visit([](auto& k) { k.clear(); }, kernels);
    }
    taken_.clear();
    count_ = 0;
}

void ProductDensity::insert(std::span<const std::uint32_t> slots, std::span<const std::vector<double>> columns) {
    for (std::size_t axis = 0; axis < kernels_.size(); ++axis) {
        joining_.clear();
        for (std::size_t i = 0; i < slots.size(); ++i) {
            joining_.push_back({columns[axis][i], slots[i]});
        }
        std::visit([&](auto& k) { k.insert(joining_); }, kernels_[axis]);
    }
    for (const std::uint32_t slot : slots) {
        taken_.resize(std::max<std::size_t>(taken_.size(), slot + std::size_t{1}));
        taken_[slot] = true;
    }
    count_ += slots.size();
}

void ProductDensity::erase(std::uint32_t slot) {
    for (Kernels& kernels : kernels_) {
        std::visit([&](auto& k) { k.erase(slot); }, kernels);
    }
    taken_[slot] = false;
    --count_;
}

void ProductDensity::prepare() {
    for (Kernels& kernels : kernels_) {
        std::visit([](auto& k) { k.prepare(); }, kernels);
    }
    for (std::size_t i = order_.size(); i-- > 0;) {
        const auto* numeric = std::get_if<NumericKernels>(&kernels_[order_[i]]);
        bounds_[i] = bounds_[i + 1] + (numeric != nullptr ? numeric->bound() : 0.0);
    }
    prior_weight_ = count_ == 0 ? 1.0 : options_.prior_weight;
    total_weight_ = prior_weight_;
    const LinearForgetting forgetting{count_};
    weights_.resize(taken_.size());
    std::size_t rank = 0;
    for (std::size_t slot = 0; slot < taken_.size(); ++slot) {
        weights_[slot] = taken_[slot] ? forgetting.weight(rank++) : 0.0;
        total_weight_ += weights_[slot];
    }
}

double ProductDensity::prior_log(std::span<const Spot> spots) const noexcept {
    double log = std::log(prior_weight_);
    for (std::size_t axis = 0; axis < kernels_.size(); ++axis) {
        log += std::visit(Overloaded{[&](const NumericKernels& k) { return k.prior_log(spots[axis]); },
                                     [](const CategoryKernels& k) { return k.prior_log(); }},
                          kernels_[axis]);
    }
    return log;
}

double ProductDensity::log_density(std::span<const Spot> spots) {
    const double prior = prior_log(spots);
    const double floor = prior + log_negligible - std::log(static_cast<double>(count_) + 1.0);
    for (std::size_t i = 0; i < order_.size(); ++i) {
        const Spot& spot = spots[order_[i]];
        // A kernel is dropped when even the best that the axes to come could do for it would not matter.
        const double floor_here = floor - bounds_[i + 1];
        std::visit(Overloaded{[&](NumericKernels& k) {
                                  i == 0 ? k.start(spot, floor_here, surviving_)
                                         : k.multiply(spot, floor_here, surviving_);
                              },
                              [&](CategoryKernels& k) {
                                  i == 0 ? k.start(category(spot), floor_here, surviving_)
                                         : k.multiply(category(spot), floor_here, surviving_);
                              }},
                   kernels_[order_[i]]);
    }
    double largest = std::max(prior, std::numeric_limits<double>::lowest());
    for (const double log : surviving_.logs) {
        largest = std::max(largest, log);
    }
    double sum = std::exp(prior - largest);
    for (std::size_t i = 0; i < surviving_.slots.size(); ++i) {
        sum += weights_[surviving_.slots[i]] * std::exp(surviving_.logs[i] - largest);
    }
    return largest + std::log(std::max(sum, std::numeric_limits<double>::min())) - std::log(total_weight_);
}

void ProductDensity::sample(RandomStream& random, std::span<double> coordinates) const {
    double left = random.uniform() * total_weight_;
    std::size_t slot = 0;
    while (slot < weights_.size() && left >= weights_[slot]) {
        left -= weights_[slot++];
    }
    // What is left at the end is the prior's share.
    const bool prior = slot == weights_.size();
    const auto chosen = static_cast<std::uint32_t>(slot);
    for (std::size_t axis = 0; axis < kernels_.size(); ++axis) {
        coordinates[axis] = std::visit(
            [&](const auto& k) {
                return static_cast<double>(prior ? k.sample_prior(random) : k.sample(chosen, random));
            },
            kernels_[axis]);
    }
}

}  // namespace hpogrid::optimizers
