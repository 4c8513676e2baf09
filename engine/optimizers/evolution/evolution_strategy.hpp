#pragma once

#include "engine/core/random.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace hpogrid::optimizers {

/// A point as an evolutionary strategy sees it.
struct Candidate {
    std::vector<double> unit;    ///< [dimension] the place in the unit cube to decode
    std::vector<double> latent;  ///< the strategy's own coordinates, from which it learns
    /// What the strategy attaches to find its way when the score comes; nothing for a point from elsewhere.
    std::optional<std::size_t> tag;
    std::string_view origin;  ///< of the suggestion; a literal
};

/// An evolutionary method over the unit cube that learns from one candidate at a time, in whatever order their scores
/// come in. A draw that never gets a score (withdrawn) leaves no trace: ask() changes nothing.
class EvolutionStrategy {
  public:
    EvolutionStrategy() = default;
    EvolutionStrategy(const EvolutionStrategy&) = delete;
    EvolutionStrategy& operator=(const EvolutionStrategy&) = delete;
    virtual ~EvolutionStrategy() = default;

    /// A candidate for the trial `index`. Called again with the next `attempt`, from 0, and the stream continued where
    /// it turns out to be a duplicate, such as of a point that still runs.
    [[nodiscard]] virtual Candidate ask(std::uint32_t index, unsigned attempt, RandomStream& random) const = 0;
    /// A point from elsewhere as a candidate. `unit` and `active`: [dimension]. What it leaves open (the place within a
    /// cell, inactive dimensions) may be drawn.
    [[nodiscard]] virtual Candidate adopt(std::span<const double> unit, const std::vector<bool>& active,
                                          RandomStream& random) const = 0;
    /// `score`: lower is better; infinite for a failure, which counts as worse than everything.
    virtual void tell(const Candidate& candidate, double score) = 0;
};

}  // namespace hpogrid::optimizers
