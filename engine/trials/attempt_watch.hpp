#pragma once

#include "engine/study/event.hpp"
#include "engine/trials/evaluator.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace hpogrid::trials {

/// Decides when a running attempt is to be ended from outside: its time limits, a request, then SIGTERM, the grace
/// time, SIGKILL. Pure: the caller gives the time and sends the signals.
class AttemptWatch {
  public:
    using Time = std::chrono::steady_clock::time_point;

    AttemptWatch(TimeLimits limits, Time started) noexcept;

    /// Output or a report came.
    void heard(Time now) noexcept { last_heard_ = now; }
    /// Ends the attempt from the next advance() on. The first cause counts.
    void request_stop(StopCause cause) noexcept;

    /// The attempt ends by itself because it was asked to leave: it has the grace time for it.
    void left(Time now) noexcept;

    enum class Step { none, terminate, kill };
    /// What is to be done now. `terminate` is returned once, then after the grace time `kill` once.
    [[nodiscard]] Step advance(Time now);

    /// The outcome that was imposed on the attempt: timeout, stopped or cancelled. Nothing while it runs freely.
    [[nodiscard]] std::optional<study::Outcome> imposed() const noexcept { return imposed_; }
    /// One sentence, for a timeout: "ran longer than 60 s (trial timeout)".
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

  private:
    TimeLimits limits_;
    Time started_;
    Time last_heard_;
    std::optional<study::Outcome> imposed_;
    std::string reason_;
    std::optional<Time> terminated_;
    bool killed_{false};
};

}  // namespace hpogrid::trials
