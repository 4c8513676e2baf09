#pragma once

#include "launchers/report/report.hpp"

#include <nlohmann/json_fwd.hpp>

namespace hpogrid::launchers {

/// The trials of a userJobMetadata.json, the original's format. `job` says where it comes from; its times are read.
/// Throws InputError if it is none.
[[nodiscard]] Report report_of_metadata(const nlohmann::json& metadata, ReportJob job);

}  // namespace hpogrid::launchers
