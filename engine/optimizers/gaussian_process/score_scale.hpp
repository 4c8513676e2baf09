#pragma once

#include "engine/optimizers/gaussian_process/power_transform.hpp"

#include <cstdint>
#include <span>
#include <vector>

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
        /// What lies above the median is replaced by normal quantiles of its ranks, on the scale of the better half:
        /// only the order of bad scores counts. The "half-rank warping" of Song et al., "The Vizier Gaussian Process
        /// Bandit Algorithm" (2024), section 3.2; from 5 scores on, and where half of them are not equal.
        rank,
    };

    struct Shape {
        Outliers outliers{Outliers::compress};
        bool normal{false};  ///< what is left after outliers goes through a PowerTransform
    };

    /// Of an empty list: maps all to 0.
    explicit ScoreScale(std::span<const double> scores) : ScoreScale{scores, Shape{}} {}
    ScoreScale(std::span<const double> scores, Shape shape);

    [[nodiscard]] double operator()(double score) const noexcept;
    /// Stands for a failed trial: worse than the worst by half a standard deviation.
    [[nodiscard]] double failed() const noexcept { return worst_ + 0.5; }

  private:
    [[nodiscard]] double place(double score) const noexcept;
    [[nodiscard]] double bent(double place) const noexcept;
    /// Settles what lies above, then answers the places of these scores on the scale before the power transform.
    [[nodiscard]] std::vector<double> settle_outliers(std::span<const double> scores, Outliers outliers);
    void standardise(std::span<const double> places);
    void find_cap(std::vector<double> sorted);
    void find_ranks(std::vector<double> sorted);

    // Halves of scores, whose differences are always finite.
    double half_low_{0.0};
    double half_range_{0.0};
    // In units of the range: where compression begins and how far it reaches; then the scale after it.
    double cap_{1.0};
    double reach_{0.0};
    // Places above the median, ascending and different, and what they become; linear in between.
    std::vector<double> knots_;
    std::vector<double> ranked_;
    double top_{1.0};
    double mean_{0.0};
    double deviation_{1.0};
    PowerTransform power_;
    double worst_{0.0};
};

}  // namespace hpogrid::optimizers
