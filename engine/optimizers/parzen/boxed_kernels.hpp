#pragma once

#include "engine/optimizers/parzen/axis.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace hpogrid::optimizers {

/// Sums over very many normal kernels of one width, in a time that does not depend on their number: kernels are
/// gathered in boxes an eighth of a width wide, of which each keeps moments of its kernels around its middle.
///
/// With d = (c − b)/σ for a kernel at c in a box around b, and z = (x − b)/σ,
/// exp(−(z − d)²/2) = exp(−z²/2) Σ_k He_k(z) d^k / k! (He: Hermite polynomials). As |d| ≤ 1/16, the first `moments`
/// terms leave out less than 1e-12 of a kernel's peak. What is more than 8 widths away counts as nothing.
///
/// Source: the fast Gauss transform, Greengard and Strain, SIAM J. Sci. Stat. Comput. 12 (1991), with Taylor expansions
/// around boxes.
class BoxedKernels {
  public:
    static constexpr std::size_t moments = 8;

    /// Starts anew. `extent`: finite, holds all centres; `width` > 0.
    void clear(Interval extent, double width);
    /// In any order. `weight` may be negative, to take out a kernel that was added.
    void add(double centre, double weight) noexcept {
        const double place = (centre - low_) * boxes_in_one_;
        const auto box = static_cast<std::size_t>(place);
        const double d = (place - static_cast<double>(box) - 0.5) / boxes_in_a_width;
        Moments& sums = boxes_[box];
        // Two by two, which processors do at once.
        std::array<double, 2> powers{weight, weight * d};
        for (std::size_t k = 0; k < moments; k += 2) {
            sums[k] += powers[0];
            sums[k + 1] += powers[1];
            powers = {powers[0] * (d * d), powers[1] * (d * d)};
        }
    }

    /// Σ weight · exp(−((x − centre)/width)²/2).
    [[nodiscard]] double kernel_sum(double x) const noexcept;
    /// Σ weight · probability of a cell.
    [[nodiscard]] double cell_sum(Interval cell) const noexcept;

  private:
    static constexpr double boxes_in_a_width = 8.0;
    using Moments = std::array<double, moments>;  ///< of kernels in one box: Σ weight · d^k

    struct Boxes {
        std::size_t first;
        std::size_t end;
    };
    /// Those whose kernels reach into [low, high].
    [[nodiscard]] Boxes near(double low, double high) const noexcept;
    [[nodiscard]] double middle(std::size_t box) const noexcept;

    double low_{0.0};
    double width_{1.0};
    double boxes_in_one_{8.0};  ///< in a length of 1
    std::vector<Moments> boxes_;
};

}  // namespace hpogrid::optimizers
