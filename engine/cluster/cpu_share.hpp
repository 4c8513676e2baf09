#pragma once

#include <cstddef>
#include <filesystem>

namespace hpogrid::cluster {

/// Cores that this process may use: its affinity mask, and the CPU quota of its control group (v2, else v1) where that
/// is less. At least 1. `cgroups`: where control groups are mounted, for tests.
[[nodiscard]] double available_cores(const std::filesystem::path& cgroups = "/sys/fs/cgroup");

/// Threads of a program that may use so many cores. At least 1.
[[nodiscard]] unsigned threads_of(double cores) noexcept;

/// Threads for each trial when `workers` on a machine of `cores` run `slots` trials each. At least 1.
[[nodiscard]] unsigned threads_per_trial(double cores, std::size_t workers, std::size_t slots) noexcept;

}  // namespace hpogrid::cluster
