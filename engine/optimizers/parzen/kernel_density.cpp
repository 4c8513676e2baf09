#include "engine/optimizers/parzen/kernel_density.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace hpogrid::optimizers {
namespace {

/// Points whose exponents are added up together: what fits into the fastest cache.
constexpr std::size_t block_size = 512;

/// exp() of less is nothing beside the smallest number that is compared (BOHB's 1e-32).
constexpr double least_exponent = -700.0;

}  // namespace

KernelDensity::KernelDensity(std::vector<std::size_t> categories, double narrowest)
    : categories_{std::move(categories)}, narrowest_{narrowest}, bandwidths_(categories_.size(), narrowest) {}

void KernelDensity::fit(std::vector<std::vector<double>> columns) {
    columns_ = std::move(columns);
    size_ = columns_.empty() ? 0 : columns_.front().size();
    for (std::size_t axis = 0; axis < columns_.size(); ++axis) {
        bandwidths_[axis] = bandwidth(axis);
    }
    height_ = height();
}

double KernelDensity::bandwidth(std::size_t axis) const {
    const auto count = static_cast<double>(size_);
    double mean = 0.0;
    for (const double x : columns_[axis]) {
        mean += x / count;
    }
    double squares = 0.0;
    for (const double x : columns_[axis]) {
        squares += (x - mean) * (x - mean);
    }
    const double variance = squares / count;
    const double dimensions = static_cast<double>(columns_.size());
    const double reference = 1.06 * std::sqrt(variance) * std::pow(count, -1.0 / (4.0 + dimensions));
    const double width = std::max(reference, narrowest_);
    const auto categories = static_cast<double>(categories_[axis]);
    return categories_[axis] == 0 ? width : std::min(width, (categories - 1.0) / categories);
}

double KernelDensity::height() const {
    double height = 1.0 / static_cast<double>(size_);
    for (std::size_t axis = 0; axis < categories_.size(); ++axis) {
        if (categories_[axis] == 0) {
            height /= bandwidths_[axis] * std::sqrt(2.0 * std::numbers::pi);
        }
    }
    return height;
}

double KernelDensity::density(std::span<const double> at) const {
    double sum = 0.0;
    for (std::size_t block = 0; block < blocks(); ++block) {
        sum += contribution(block, at);
    }
    return sum;
}

std::size_t KernelDensity::blocks() const noexcept {
    return (size_ + block_size - 1) / block_size;
}

double KernelDensity::contribution(std::size_t block, std::span<const double> at) const {
    const std::size_t begin = block * block_size;
    const std::size_t count = std::min(block_size, size_ - begin);
    std::array<double, block_size> exponents;  // NOLINT(cppcoreguidelines-pro-type-member-init): the next line does
    std::fill_n(exponents.begin(), count, 0.0);
    for (std::size_t axis = 0; axis < at.size(); ++axis) {
        add_exponents(axis, at[axis], std::span{columns_[axis]}.subspan(begin, count), exponents);
    }
    double sum = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
        sum += exponents[i] > least_exponent ? std::exp(exponents[i]) : 0.0;
    }
    return sum * height_;
}

void KernelDensity::add_exponents(std::size_t axis, double at, std::span<const double> points,
                                  std::span<double> exponents) const {
    const double width = bandwidths_[axis];
    if (categories_[axis] == 0) {
        const double factor = -0.5 / (width * width);
        for (std::size_t i = 0; i < points.size(); ++i) {
            const double distance = at - points[i];
            exponents[i] += factor * distance * distance;
        }
    } else if (categories_[axis] > 1) {
        const double own = std::log(1.0 - width);
        const double other = std::log(width / (static_cast<double>(categories_[axis]) - 1.0));
        for (std::size_t i = 0; i < points.size(); ++i) {
            exponents[i] += points[i] == at ? own : other;
        }
    }
}

}  // namespace hpogrid::optimizers
