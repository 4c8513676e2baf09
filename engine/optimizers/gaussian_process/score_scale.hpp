#pragma once

#include <cstdint>
#include <span>

namespace hpogrid::optimizers {

/// Scores on the scale of models: mean 0, standard deviation 1, low is good. Monotone, finite for all finite scores of
/// any magnitude, and 0 for all if they are equal.
class ScoreScale {
  public:
    enum class Outliers : std::uint8_t {
        keep,
        /// What lies above the upper quartile by more than 3 times the spread (of the quartiles, or of the better half,
        /// whichever is larger) is drawn together to at most 4 times: one diverged training must not hide what
        /// distinguishes the others. Bad ones only; from 5 scores on.
        compress,
    };

    /// Of an empty list: maps all to 0.
    explicit ScoreScale(std::span<const double> scores, Outliers outliers = Outliers::compress);

    [[nodiscard]] double operator()(double score) const noexcept;
    /// Stands for a failed trial: worse than the worst by half a standard deviation.
    [[nodiscard]] double failed() const noexcept { return worst_ + 0.5; }

  private:
    [[nodiscard]] double compressed(double score) const noexcept;

    // Halves of scores, whose differences are always finite.
    double half_low_{0.0};
    double half_range_{0.0};
    // In units of the range: where compression begins and how far it reaches; then the scale after it.
    double cap_{1.0};
    double reach_{0.0};
    double top_{1.0};
    double mean_{0.0};
    double deviation_{1.0};
    double worst_{0.0};
};

}  // namespace hpogrid::optimizers
