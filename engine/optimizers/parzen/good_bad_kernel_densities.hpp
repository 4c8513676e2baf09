#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/parzen/kernel_density.hpp"
#include "engine/optimizers/parzen/observed_axes.hpp"
#include "engine/optimizers/parzen/ranked_candidates.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// BOHB's pair of kernel density estimators over all parameters: l of the good trials, g of the others.
class GoodBadKernelDensities {
  public:
    /// `axes` outlives this. `seed`: of the numbers that fill in what conditions leave out.
    GoodBadKernelDensities(const ObservedAxes& axes, double narrowest, std::uint64_t seed);

    /// Trials, at least one each, the newest last.
    void fit(std::span<const std::uint32_t> good, std::span<const std::uint32_t> bad);

    /// Draws so many good trials and moves each by its kernel, bandwidths times `factor`. To be used before the next
    /// fit().
    [[nodiscard]] RankedCandidates draw(std::size_t count, double factor, RandomStream& random) const;

  private:
    [[nodiscard]] std::vector<std::vector<double>> filled_columns(std::span<const std::uint32_t> trials) const;
    void fill(std::span<const std::uint32_t> trials, std::uint32_t trial, std::span<double> row) const;
    [[nodiscard]] double moved(std::size_t axis, double centre, double factor, RandomStream& random) const;

    const ObservedAxes& axes_;
    std::uint64_t seed_;
    KernelDensity good_;
    KernelDensity bad_;
};

}  // namespace hpogrid::optimizers
