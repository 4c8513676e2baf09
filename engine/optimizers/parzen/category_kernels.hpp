#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/parzen/sorted_centres.hpp"
#include "engine/optimizers/parzen/surviving_kernels.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// The kernels of one categorical axis of Optuna's Parzen estimator, one a slot: with n of them, each gives its own
/// category 1 + p and every other one p, scaled to sum 1, where p = prior weight / (n + 1).
class CategoryKernels {
  public:
    CategoryKernels(std::size_t categories, double prior_weight)
        : categories_{categories}, prior_weight_{prior_weight} {}

    void clear();
    /// Entries: slot and index of the category.
    void insert(std::span<const SortedCentres::Entry> entries);
    void erase(std::uint32_t slot);
    /// To be called after changes.
    void prepare() noexcept;

    /// The logarithm of a kernel at a category; −∞ for a slot without kernel. Slots from number 0 on.
    void start(std::uint32_t category, double floor, SurvivingKernels& kernels) const;
    void multiply(std::uint32_t category, double floor, SurvivingKernels& kernels) const;
    /// The same for the prior's kernel: all categories are equally likely.
    [[nodiscard]] double prior_log() const noexcept;

    [[nodiscard]] std::uint32_t sample(std::uint32_t slot, RandomStream& random) const noexcept;
    [[nodiscard]] std::uint32_t sample_prior(RandomStream& random) const noexcept;

  private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    std::size_t categories_;
    double prior_weight_;
    std::vector<std::uint32_t> category_of_;  ///< [slot]
    std::size_t count_{0};
    double other_{0.0};  ///< probability of every category but the kernel's own
    double log_own_{0.0};
    double log_other_{0.0};
};

}  // namespace hpogrid::optimizers
