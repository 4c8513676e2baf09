#pragma once

#include "engine/study/recent_mean.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace hpogrid::study {

/// How many trials to have ready beyond a worker's slots, so that it never waits for the next: enough work for the time
/// that journal and messages take, judged by how long trials last. A constant of ours: 20 ms is ten times what a commit
/// of the journal takes on a local disk.
class Pace {
  public:
    void trial_lasted(double seconds) noexcept { lasted_.add(seconds); }

    /// How long attempts last; 0 before the first has ended.
    [[nodiscard]] double expected() const noexcept { return lasted_.value(); }

    /// Trials to send to a worker beyond its slots. None before the first trial has ended: what is sent cannot be
    /// called back, and would wait out a long trial while a worker that joined late is idle. `most`: what the optimiser
    /// allows.
    [[nodiscard]] std::size_t sent_ahead(std::size_t most) const noexcept {
        return lasted_.known() ? computed_ahead(most) : 0;
    }

    /// Suggestions to compute for each worker beyond its slots. `most`: what the optimiser allows.
    [[nodiscard]] std::size_t computed_ahead(std::size_t most) const noexcept {
        constexpr double covered = 0.020;    // seconds
        constexpr double long_trial = 10.0;  // seconds: here waiting costs nothing, and a hoarded trial may cost much
        constexpr double limit = 256.0;
        if (lasted_.value() > long_trial) {
            return 0;
        }
        const double wanted = lasted_.known() ? std::ceil(covered / std::max(lasted_.value(), covered / limit)) : 1.0;
        return std::min(most, static_cast<std::size_t>(wanted));
    }

  private:
    RecentMean lasted_;
};

}  // namespace hpogrid::study
