#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/parzen/axis.hpp"
#include "engine/optimizers/parzen/boxed_kernels.hpp"

#include <optional>
#include <vector>

namespace hpogrid::optimizers {

/// A weighted sum of normal distributions on one axis, cut to the axis's range as a whole, as in hyperopt: a kernel
/// near an end loses what lies beyond it, and the sum is scaled up again.
///
/// Kernels of the narrowest width are kept apart from the few that are wider, so that a density at a point looks at the
/// kernels nearby only. What is more than 8 widths away (1e-14 of a kernel's peak) counts as nothing. Thousands of them
/// are better gathered in boxes.
class NormalMixture {
  public:
    /// Starts anew. `narrowest`: the width below which there will be none.
    void clear(Interval range, double narrowest);
    /// The same, for very many of the narrowest: they come by add_narrowest() only. `extent` holds their centres.
    void clear_for_many(Interval range, double narrowest, Interval extent);
    /// \pre clear_for_many(). In any order; a negative weight takes a kernel out again.
    void add_narrowest(double centre, double weight) noexcept {
        total_ += weight;
        boxed_->add(centre, weight);
    }
    /// Centres of the narrowest must come in ascending order. `width` ≥ narrowest, `weight` ≥ 0.
    void add(double centre, double width, double weight);

    /// Σ weight · normal density at `x`: the mixture's density up to a constant factor, 1 / accepted().
    [[nodiscard]] double kernel_sum(double x) const noexcept;
    /// Σ weight · probability of a cell: its share of the mixture up to the same factor.
    [[nodiscard]] double cell_sum(Interval cell) const noexcept;
    /// Σ weight · share of the kernel within the range.
    [[nodiscard]] double accepted() const noexcept;
    /// A draw from the mixture. \pre some weight is positive, kernels were not gathered in boxes
    [[nodiscard]] double sample(RandomStream& random) const noexcept;

  private:
    struct Kernel {
        double centre;
        double width;
        double weight;
    };
    [[nodiscard]] double narrow_kernel_sum(double x) const noexcept;
    [[nodiscard]] double narrow_cell_sum(Interval cell) const noexcept;

    Interval range_{0.0, 1.0};
    double narrowest_{1.0};
    double total_{0.0};
    std::vector<double> centres_;        ///< of the narrowest kernels, ascending
    std::vector<double> weights_;        ///< of the narrowest kernels
    std::optional<BoxedKernels> boxed_;  ///< instead of those
    std::vector<Kernel> wider_;
};

}  // namespace hpogrid::optimizers
