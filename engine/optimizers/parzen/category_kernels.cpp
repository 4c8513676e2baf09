#include "engine/optimizers/parzen/category_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hpogrid::optimizers {

void CategoryKernels::clear() {
    category_of_.clear();
    count_ = 0;
}

void CategoryKernels::insert(std::span<const SortedCentres::Entry> entries) {
    std::size_t slots = category_of_.size();
    for (const SortedCentres::Entry& entry : entries) {
        slots = std::max<std::size_t>(slots, entry.trial + std::size_t{1});
    }
    category_of_.resize(slots, none);
    for (const SortedCentres::Entry& entry : entries) {
        category_of_[entry.trial] = static_cast<std::uint32_t>(entry.centre);
    }
    count_ += entries.size();
}

void CategoryKernels::erase(std::uint32_t slot) {
    category_of_[slot] = none;
    --count_;
}

void CategoryKernels::prepare() noexcept {
    const double share = prior_weight_ / (static_cast<double>(count_) + 1.0);
    const double sum = 1.0 + share * static_cast<double>(categories_);
    other_ = share / sum;
    log_own_ = std::log((1.0 + share) / sum);
    log_other_ = std::log(other_);
}

void CategoryKernels::start(std::uint32_t category, double floor, SurvivingKernels& kernels) const {
    kernels.start(static_cast<std::uint32_t>(category_of_.size()), floor, [&](std::uint32_t slot) {
        const std::uint32_t own = category_of_[slot];
        return own == category ? log_own_ : own == none ? -std::numeric_limits<double>::infinity() : log_other_;
    });
}

void CategoryKernels::multiply(std::uint32_t category, double floor, SurvivingKernels& kernels) const {
    kernels.multiply(floor, [&](std::uint32_t slot) { return category_of_[slot] == category ? log_own_ : log_other_; });
}

double CategoryKernels::prior_log() const noexcept {
    return -std::log(static_cast<double>(categories_));
}

std::uint32_t CategoryKernels::sample(std::uint32_t slot, RandomStream& random) const noexcept {
    const double spread = other_ * static_cast<double>(categories_);
    return random.uniform() < spread ? sample_prior(random) : category_of_[slot];
}

std::uint32_t CategoryKernels::sample_prior(RandomStream& random) const noexcept {
    return static_cast<std::uint32_t>(random.below(categories_));
}

}  // namespace hpogrid::optimizers
