#pragma once

#include <optional>

namespace hpogrid::cluster {

/// Time as a loop sees it that others are to give signs of life to: it stands still while the loop does not turn, since
/// nobody was heard then. So a job that a batch system suspends, or a rank whose disk hangs, takes nobody for dead
/// when it goes on.
class AwakeClock {
  public:
    /// `longest_turn`: seconds between two turns above which the loop was not there.
    explicit AwakeClock(double longest_turn = 5.0) : longest_turn_{longest_turn} {}

    /// Once a turn, with steady seconds. Answers those for which the loop was there.
    [[nodiscard]] double tick(double now) noexcept {
        const double turn = now - last_.value_or(now);
        last_ = now;
        asleep_ += turn > longest_turn_ ? turn : 0.0;
        return now - asleep_;
    }

  private:
    double longest_turn_;
    std::optional<double> last_;
    double asleep_{0.0};
};

}  // namespace hpogrid::cluster
