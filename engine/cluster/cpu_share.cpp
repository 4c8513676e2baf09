#include "engine/cluster/cpu_share.hpp"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace hpogrid::cluster {
namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

double cores_in_affinity_mask() {
    cpu_set_t mask;
    CPU_ZERO(&mask);
    return ::sched_getaffinity(0, sizeof mask, &mask) == 0 ? CPU_COUNT(&mask) : 1;
}

double quota(double allowed, double period) {
    return allowed > 0 && period > 0 ? allowed / period : unlimited;
}

double cores_in_quota(const std::filesystem::path& cgroups) {
    // Version 2: "max 100000" or "200000 100000".
    if (std::ifstream file{cgroups / "cpu.max"}) {
        double allowed = 0;
        double period = 0;
        return file >> allowed >> period ? quota(allowed, period) : unlimited;
    }
    double allowed = -1;
    double period = 0;
    std::ifstream{cgroups / "cpu/cpu.cfs_quota_us"} >> allowed;
    std::ifstream{cgroups / "cpu/cpu.cfs_period_us"} >> period;
    return quota(allowed, period);
}

}  // namespace

double available_cores(const std::filesystem::path& cgroups) {
    return std::max(1.0, std::min(cores_in_affinity_mask(), cores_in_quota(cgroups)));
}

unsigned threads_of(double cores) noexcept {
    return static_cast<unsigned>(std::max(1.0, cores));
}

unsigned threads_per_trial(double cores, std::size_t workers, std::size_t slots) noexcept {
    const double trials = static_cast<double>(std::max<std::size_t>(1, workers * slots));
    return threads_of(cores / trials);
}

}  // namespace hpogrid::cluster
