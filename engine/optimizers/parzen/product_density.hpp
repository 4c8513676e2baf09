#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/parzen/category_kernels.hpp"
#include "engine/optimizers/parzen/numeric_kernels.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

namespace hpogrid::optimizers {

/// Optuna's Parzen estimator on one or more axes: a mixture with one kernel an observation and one for the prior, each
/// a product of one-dimensional kernels. Observations weigh by age (LinearForgetting), the prior `prior_weight`.
///
/// Observations live in slots in the order of their age. A density at a point looks at all kernels on the first axis
/// and only at those that are left on the others; what is dropped amounts to less than e⁻³² of the whole.
class ProductDensity {
  public:
    struct Options {
        NumericKernels::Rule rule{};
        double prior_weight{1.0};  ///< 0 or more
    };

    /// `axes`, at least one, outlive this.
    ProductDensity(std::span<const Axis* const> axes, const Options& options);

    void clear();
    /// `columns`: [axis][observation], coordinates of the observations that join, in the order of `slots`.
    void insert(std::span<const std::uint32_t> slots, std::span<const std::vector<double>> columns);
    void erase(std::uint32_t slot);
    /// To be called after changes.
    void prepare();

    /// Finite, also where every kernel vanishes. `spots`: [axis].
    [[nodiscard]] double log_density(std::span<const Spot> spots);
    /// `coordinates`: [axis], of a draw; on discrete axes anywhere in the value's cell.
    void sample(RandomStream& random, std::span<double> coordinates) const;

    /// Number of observations.
    [[nodiscard]] std::size_t size() const noexcept { return count_; }

  private:
    using Kernels = std::variant<NumericKernels, CategoryKernels>;
    [[nodiscard]] double prior_log(std::span<const Spot> spots) const noexcept;

    Options options_;
    std::vector<Kernels> kernels_;    ///< [axis]
    std::vector<std::size_t> order_;  ///< axes, those first that narrow down most at least cost
    std::vector<bool> taken_;         ///< [slot]
    std::vector<double> weights_;     ///< [slot]
    std::size_t count_{0};
    double prior_weight_{1.0};
    double total_weight_{1.0};
    std::vector<double> bounds_;  ///< [place in order_]: no product of the axes from there on is larger
    SurvivingKernels surviving_;
    std::vector<SortedCentres::Entry> joining_;
};

}  // namespace hpogrid::optimizers
