#include "engine/optimizers/parzen/normal_mixture.hpp"

#include "engine/optimizers/parzen/truncated_normal.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace hpogrid::optimizers {
namespace {

/// Beyond so many widths a kernel counts as nothing.
constexpr double reach = 8.0;
constexpr double peak = std::numbers::inv_sqrtpi / std::numbers::sqrt2;

}  // namespace

void NormalMixture::clear(Interval range, double narrowest) {
    range_ = range;
    narrowest_ = narrowest;
    total_ = 0.0;
    centres_.clear();
    weights_.clear();
    boxed_.reset();
    wider_.clear();
}

void NormalMixture::clear_for_many(Interval range, double narrowest, Interval extent) {
    clear(range, narrowest);
    boxed_.emplace().clear(extent, narrowest);
}

void NormalMixture::add(double centre, double width, double weight) {
    total_ += weight;
    if (width > narrowest_) {
        wider_.push_back({centre, width, weight});
    } else if (!centres_.empty() && centres_.back() == centre) {
        weights_.back() += weight;
    } else {
        centres_.push_back(centre);
        weights_.push_back(weight);
    }
}

double NormalMixture::narrow_kernel_sum(double x) const noexcept {
    if (boxed_) {
        return boxed_->kernel_sum(x);
    }
    double sum = 0.0;
    const double scale = 1.0 / narrowest_;
    auto i = static_cast<std::size_t>(std::ranges::lower_bound(centres_, x - reach * narrowest_) - centres_.begin());
    for (const double end = x + reach * narrowest_; i < centres_.size() && centres_[i] <= end; ++i) {
        const double z = (x - centres_[i]) * scale;
        sum += weights_[i] * std::exp(-0.5 * z * z);
    }
    return sum;
}

double NormalMixture::narrow_cell_sum(Interval cell) const noexcept {
    if (boxed_) {
        return boxed_->cell_sum(cell);
    }
    double sum = 0.0;
    const double end = cell.high + reach * narrowest_;
    auto i =
        static_cast<std::size_t>(std::ranges::lower_bound(centres_, cell.low - reach * narrowest_) - centres_.begin());
    for (; i < centres_.size() && centres_[i] <= end; ++i) {
        sum += weights_[i] * normal_mass((cell.low - centres_[i]) / narrowest_, (cell.high - centres_[i]) / narrowest_);
    }
    return sum;
}

double NormalMixture::kernel_sum(double x) const noexcept {
    double wide = 0.0;
    for (const Kernel& kernel : wider_) {
        const double z = (x - kernel.centre) / kernel.width;
        wide += kernel.weight / kernel.width * std::exp(-0.5 * z * z);
    }
    return peak * (narrow_kernel_sum(x) / narrowest_ + wide);
}

double NormalMixture::cell_sum(Interval cell) const noexcept {
    double sum = narrow_cell_sum(cell);
    for (const Kernel& kernel : wider_) {
        sum += kernel.weight *
               normal_mass((cell.low - kernel.centre) / kernel.width, (cell.high - kernel.centre) / kernel.width);
    }
    return sum;
}

double NormalMixture::accepted() const noexcept {
    return cell_sum(range_);
}

double NormalMixture::sample(RandomStream& random) const noexcept {
    // The truncation is of the whole: a draw beyond the range starts again with another kernel.
    constexpr int most_draws = 1000;
    double x = 0.0;
    for (int draw = 0; draw < most_draws; ++draw) {
        double left = random.uniform() * total_;
        Kernel kernel{0.0, 1.0, 0.0};
        const auto take = [&](const Kernel& candidate) {
            if (left >= 0.0 && candidate.weight > 0.0) {
                kernel = candidate;
                left -= candidate.weight;
            }
        };
        for (std::size_t i = 0; i < centres_.size(); ++i) {
            take({centres_[i], narrowest_, weights_[i]});
        }
        std::ranges::for_each(wider_, take);
        x = kernel.centre + kernel.width * random.normal();
        if (x >= range_.low && x < range_.high) {
            return x;
        }
    }
    return std::clamp(x, range_.low, range_.high);
}

}  // namespace hpogrid::optimizers
