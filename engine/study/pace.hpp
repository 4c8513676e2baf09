#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

namespace hpogrid::study {

/// How many trials to send to a worker beyond its slots, so that it never waits for the next: enough work for the time
/// that journal and messages take, judged by how long trials last. A constant of ours: 20 ms is ten times what a commit
/// of the journal takes on a local disk.
class Pace {
  public:
    void trial_lasted(double seconds) noexcept {
        constexpr double weight = 0.05;
        mean_ = known_ ? mean_ + weight * (seconds - mean_) : seconds;
        known_ = true;
    }

    /// Mean of how long attempts lasted, the last twenty or so counting most; nothing before the first has ended.
    [[nodiscard]] std::optional<double> expected() const noexcept {
        return known_ ? std::optional{mean_} : std::nullopt;
    }

    /// `most`: what the optimiser allows.
    [[nodiscard]] std::size_t ahead(std::size_t most) const noexcept {
        constexpr double covered = 0.020;    // seconds
        constexpr double long_trial = 10.0;  // seconds: here waiting costs nothing, and a hoarded trial may cost much
        constexpr double limit = 256.0;
        if (known_ && mean_ > long_trial) {
            return 0;
        }
        const double wanted = known_ ? std::ceil(covered / std::max(mean_, covered / limit)) : 1.0;
        return std::min(most, static_cast<std::size_t>(wanted));
    }

  private:
    double mean_{0.0};
    bool known_{false};
};

}  // namespace hpogrid::study
