#include "engine/cluster/idle_wait.hpp"

#include <poll.h>

#include <algorithm>
#include <cmath>
#include <ctime>

namespace hpogrid::cluster {
namespace {

constexpr double shortest = 50e-6;
constexpr double longest_unannounced = 2e-3;
constexpr double share_of_quiet = 1.0 / 8.0;

timespec to_timespec(double seconds) noexcept {
    const double whole = std::floor(seconds);
    timespec time{};
    time.tv_sec = static_cast<time_t>(whole);
    time.tv_nsec = static_cast<long>((seconds - whole) * 1e9);
    return time;
}

}  // namespace

double idle_timeout(double quiet) noexcept {
    return std::clamp(quiet * share_of_quiet, shortest, longest_unannounced);
}

void IdleWait::operator()(std::vector<pollfd>& descriptors, double quiet) const {
    const double timeout = transport_.announces() ? longest_ : std::min(longest_, idle_timeout(quiet));
    transport_.add_descriptors(descriptors);
    const timespec time = to_timespec(timeout);
    ::ppoll(descriptors.data(), descriptors.size(), &time, nullptr);
}

}  // namespace hpogrid::cluster
