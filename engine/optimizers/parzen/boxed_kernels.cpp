#include "engine/optimizers/parzen/boxed_kernels.hpp"

#include "engine/optimizers/parzen/truncated_normal.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace hpogrid::optimizers {
namespace {

/// Beyond so many widths a kernel counts as nothing.
constexpr double reach = 8.0;

double bell(double z) noexcept {
    return std::exp(-0.5 * z * z);
}

}  // namespace

void BoxedKernels::clear(Interval extent, double width) {
    low_ = extent.low;
    width_ = width;
    boxes_in_one_ = boxes_in_a_width / width;
    boxes_.assign(static_cast<std::size_t>((extent.high - extent.low) * boxes_in_one_) + 1, Moments{});
}

double BoxedKernels::kernel_sum(double x) const noexcept {
    const Boxes reached = near(x, x);
    double sum = 0.0;
    for (std::size_t box = reached.first; box < reached.end; ++box) {
        const Moments& of_box = boxes_[box];
        const double z = (x - middle(box)) / width_;
        // He_k / k!, from He_(k+1) = z He_k − k He_(k−1).
        double previous = 0.0;
        double current = 1.0;
        double series = 0.0;
        for (std::size_t k = 0; k < moments; ++k) {
            series += of_box[k] * current;
            previous = std::exchange(current, (z * current - previous) / static_cast<double>(k + 1));
        }
        sum += bell(z) * series;
    }
    return sum;
}

double BoxedKernels::cell_sum(Interval cell) const noexcept {
    const Boxes reached = near(cell.low, cell.high);
    // The integral of exp(−z²/2) He_k(z) is −exp(−z²/2) He_(k−1)(z): at each end of the cell the same series, one
    // moment on.
    const auto series = [](const Moments& of_box, double z) {
        if (std::isinf(z)) {
            return 0.0;
        }
        double previous = 0.0;
        double current = 1.0;
        double sum = 0.0;
        for (std::size_t k = 1; k < moments; ++k) {
            sum += of_box[k] * current / static_cast<double>(k);
            previous = std::exchange(current, (z * current - previous) / static_cast<double>(k));
        }
        return bell(z) * sum;
    };
    constexpr double peak = std::numbers::inv_sqrtpi / std::numbers::sqrt2;
    double sum = 0.0;
    for (std::size_t box = reached.first; box < reached.end; ++box) {
        const double low = (cell.low - middle(box)) / width_;
        const double high = (cell.high - middle(box)) / width_;
        sum += boxes_[box][0] * normal_mass(low, high) + peak * (series(boxes_[box], low) - series(boxes_[box], high));
    }
    return sum;
}

BoxedKernels::Boxes BoxedKernels::near(double low, double high) const noexcept {
    const auto count = static_cast<double>(boxes_.size());
    const auto box_at = [&](double place) { return static_cast<std::size_t>(std::clamp(place, 0.0, count)); };
    const double margin = reach * boxes_in_a_width;
    return {box_at(std::floor((low - low_) * boxes_in_one_ - margin)),
            box_at(std::floor((high - low_) * boxes_in_one_ + margin) + 1.0)};
}

double BoxedKernels::middle(std::size_t box) const noexcept {
    return low_ + (static_cast<double>(box) + 0.5) / boxes_in_one_;
}

}  // namespace hpogrid::optimizers
