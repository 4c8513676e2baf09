#pragma once

#include "launchers/report/report.hpp"

#include <nlohmann/json_fwd.hpp>

namespace hpogrid::launchers {

/// A report as the scripts in `scripts/` read it:
///
///     {"project", "metric", "minimize", "hyperparameters": [name…],
///      "jobs": [{"source", "site", "task", "seed"}…],
///      "trials": [{"job", "trial", "hyperparameters": {…}, "metrics": {…}, "score", "ended", "duration",
///                  "curve": [[iteration, value]…]}…]}
///
/// in the order of the report; what is not known is null.
[[nodiscard]] nlohmann::ordered_json script_data(const Report& report);

}  // namespace hpogrid::launchers
