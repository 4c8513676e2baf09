#pragma once

#include "engine/optimizers/trial_history.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// What trials that a scheduler ended early would be expected to score with as many iterations as the longest one had.
/// Without that, a model learns how long trials were trained, not how good their hyperparameters are.
///
/// Trials end at certain iterations, here called levels. From each level to the next, the best score of a trial so far
/// gains something; the median gain of those that were trained that far is what the others would gain. That is doubtful
/// by the median distance of these gains from it and by half the gain itself: tests/bench/quality/ABLATION.md tells
/// what this is worth. Where all were trained equally long, scores stay as they are.
class FullTraining {
  public:
    struct Expectation {
        double score;      ///< finite
        double deviation;  ///< standard deviation; finite, 0 if the trial was trained to the last level
    };

    /// Learns from those of the trials, by index, that are finished.
    FullTraining(const TrialHistory& history, std::span<const std::uint32_t> trials);

    /// \pre `trial` is finished
    [[nodiscard]] Expectation of(const KnownTrial& trial) const noexcept;
    /// Whether there may be deviations above 0.
    [[nodiscard]] bool has_doubts() const noexcept { return !levels_.empty(); }

  private:
    /// Of more levels, so many are kept, evenly spread.
    static constexpr std::size_t most_levels = 12;

    struct Level {
        double iteration;
        double gain;      ///< from here to the last level; 0 or less
        double variance;  ///< of that
    };
    std::vector<Level> levels_;  ///< ascending
};

}  // namespace hpogrid::optimizers
