#pragma once

#include <limits>

namespace hpogrid::cluster {

/// Answers true once in a period, and at the first question.
class Ticker {
  public:
    explicit Ticker(double period) noexcept : period_{period} {}
    [[nodiscard]] bool ticks(double now) noexcept {
        const bool due = now - last_ >= period_;
        last_ = due ? now : last_;
        return due;
    }

  private:
    double period_;
    double last_{-std::numeric_limits<double>::infinity()};
};

/// How the time of a run is divided. Its last tenth, at most a minute, is a reserve: in the middle of that is the
/// deadline of the study, after which nothing trains; its last quarter is for the results. `now` is steady_clock().
class TimeBudget {
  public:
    /// `seconds`: from the start, 0 = without end.
    explicit TimeBudget(double seconds) noexcept : seconds_{seconds} {}

    void start(double now) noexcept { start_ = now; }
    [[nodiscard]] bool is_limited() const noexcept { return seconds_ > 0; }

    /// Seconds from the start.
    [[nodiscard]] double deadline() const noexcept { return seconds_ - reserve() / 2; }
    [[nodiscard]] bool is_over(double now) const noexcept { return is_limited() && now - start_ >= deadline(); }
    /// How long before the deadline running trials learn at the latest that they will not make it.
    [[nodiscard]] double warning() const noexcept { return reserve() / 2; }
    /// Seconds after the deadline in which everything must have ended.
    [[nodiscard]] double kill_allowance() const noexcept { return reserve() / 4; }

    /// Seconds that matter to predictions.
    [[nodiscard]] double resolution() const noexcept;

  private:
    [[nodiscard]] double reserve() const noexcept;

    double seconds_;
    double start_{0.0};
};

}  // namespace hpogrid::cluster
