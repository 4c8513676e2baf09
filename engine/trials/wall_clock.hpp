#pragma once

#include <chrono>

namespace hpogrid::trials {

/// Seconds since the epoch, UTC: the time of everything that is reported.
[[nodiscard]] inline double wall_clock() noexcept {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace hpogrid::trials
