#include "engine/cluster/time_budget.hpp"

#include <algorithm>

namespace hpogrid::cluster {

double TimeBudget::reserve() const noexcept {
    constexpr double longest = 60.0;  // seconds
    return std::min(longest, seconds_ / 10);
}

double TimeBudget::resolution() const noexcept {
    constexpr double longest = 1.0;  // second
    return std::min(longest, seconds_ / 1000);
}

}  // namespace hpogrid::cluster
