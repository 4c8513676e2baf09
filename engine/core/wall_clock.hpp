#pragma once

#include <chrono>

namespace hpogrid {

/// Seconds since the epoch, UTC: the time of events and reports.
[[nodiscard]] inline double wall_clock() noexcept {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Seconds that never jump: for intervals and limits.
[[nodiscard]] inline double steady_clock() noexcept {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace hpogrid
