#pragma once

#include "engine/optimizers/parzen/kernel_density.hpp"
#include "engine/space/value.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace hpogrid::optimizers {

/// A place that BOHB might try.
struct DensityCandidate {
    std::vector<space::Value> values;  ///< [axis]
    double score;                      ///< max(l, 1e-32) / max(g, 1e-32)
};

/// Candidates from the highest score to the lowest, those of one score in the order in which they were added.
///
/// With many trials nearly all the time goes into g. Every further block of its points lowers a score, so a candidate
/// is looked at no longer once it is behind one that has been looked at in full (best-first search). The order is that
/// of the full scores.
class RankedCandidates {
  public:
    /// `others`: g, outlives this.
    explicit RankedCandidates(const KernelDensity& others) : others_{others} {}

    /// `at`: its coordinates, [axis]; `good`: l there.
    void add(std::vector<space::Value> values, std::vector<double> at, double good);

    /// Nothing once all have been had.
    [[nodiscard]] std::optional<DensityCandidate> next();

  private:
    struct Entry {
        DensityCandidate candidate;  ///< its score is an upper bound as long as blocks are left
        std::vector<double> at;
        double good;
        double other{0.0};  ///< g as far as it is known
        std::size_t blocks_left;
        std::size_t number;
    };
    [[nodiscard]] static bool comes_later(const Entry& one, const Entry& other) noexcept;
    void look_further(Entry& entry) const;

    const KernelDensity& others_;
    std::vector<Entry> entries_;  ///< a heap
    std::size_t added_{0};
};

}  // namespace hpogrid::optimizers
