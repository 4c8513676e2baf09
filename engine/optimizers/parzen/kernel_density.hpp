#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// A kernel density estimator with one product kernel a point and the same bandwidths for all points, as BOHB uses it
/// (KDEMultivariate of statsmodels).
///
/// Numeric axes: normal kernels, uncut. Categorical axes: Aitchison and Aitken's kernel, 1 − h for the point's own
/// category and h/(c − 1) for each other one. Bandwidths: the normal reference rule h = 1.06 σ n^(−1/(4 + d)) (Scott,
/// "Multivariate density estimation", 1992), σ the standard deviation (of the category's index), at least `narrowest`.
///
/// Deviations: c is the number of all categories, not of those that occur; h of a categorical axis is at most
/// (c − 1)/c, where the kernel is flat and beyond which it would turn negative.
class KernelDensity {
  public:
    /// `categories`: [axis], 0 for a numeric one.
    KernelDensity(std::vector<std::size_t> categories, double narrowest);

    /// `columns`: [axis][point], finite, at least one point.
    void fit(std::vector<std::vector<double>> columns);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// [axis]
    [[nodiscard]] std::span<const double> bandwidths() const noexcept { return bandwidths_; }
    /// Coordinate of a point that it was fitted to.
    [[nodiscard]] double coordinate(std::size_t axis, std::size_t point) const noexcept {
        return columns_[axis][point];
    }

    /// Finite, 0 or more. `at`: [axis].
    [[nodiscard]] double density(std::span<const double> at) const;

    /// The density is the sum over all blocks of points of what each contributes: 0 or more, so that those which are
    /// known bound it from below.
    [[nodiscard]] std::size_t blocks() const noexcept;
    [[nodiscard]] double contribution(std::size_t block, std::span<const double> at) const;

  private:
    [[nodiscard]] double bandwidth(std::size_t axis) const;
    [[nodiscard]] double height() const;
    /// Adds the logarithms of the kernels of some points on one axis, but for their scale.
    void add_exponents(std::size_t axis, double at, std::span<const double> points, std::span<double> exponents) const;

    std::vector<std::size_t> categories_;
    double narrowest_;
    std::vector<std::vector<double>> columns_;
    std::vector<double> bandwidths_;
    std::size_t size_{0};
    double height_{0.0};  ///< of each point's kernel at the point, but for its categories
};

}  // namespace hpogrid::optimizers
