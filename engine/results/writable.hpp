#pragma once

#include <cstdint>
#include <filesystem>

namespace hpogrid::results {

/// Space that must be free before a study starts.
inline constexpr std::uint64_t least_free_bytes = 1U << 20;

/// Throws OutputError unless files can be created, written and synced in the folder and at least `least_free_bytes` are
/// free, so that no trial is wasted. An empty path means the current folder.
void check_writable(const std::filesystem::path& folder);

/// Throws OutputError if less than `least_free_bytes` are free where `folder` lies. File systems that do not tell pass.
void check_free_space(const std::filesystem::path& folder);

}  // namespace hpogrid::results
