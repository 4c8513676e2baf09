#pragma once

#include "launchers/report/report.hpp"

#include <filesystem>
#include <vector>

namespace hpogrid::launchers {

/// The successful trials of results.h5, or of userJobMetadata.json (*.json), where PanDA keeps no more.
/// Throws InputError if it cannot be read.
[[nodiscard]] Report read_report(const std::filesystem::path& file);

/// All of them, merged and ranked.
[[nodiscard]] Report read_reports(const std::vector<std::filesystem::path>& files);

}  // namespace hpogrid::launchers
