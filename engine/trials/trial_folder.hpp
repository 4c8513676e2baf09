#pragma once

#include "engine/core/ids.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace hpogrid::trials {

/// <trials_folder>/<trial id, 6 digits>, absolute.
[[nodiscard]] std::filesystem::path trial_folder(const std::filesystem::path& trials_folder, TrialId trial);
/// The log of an attempt in its folder: log.txt, from the second attempt on log_attempt<n>.txt.
[[nodiscard]] std::filesystem::path log_file(const std::filesystem::path& folder, std::uint32_t attempt);
/// Makes the folder and its parents. Empty, or why it cannot be made.
[[nodiscard]] std::string make_folder(const std::filesystem::path& folder);

}  // namespace hpogrid::trials
