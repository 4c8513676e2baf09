#pragma once

#include "launchers/report/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::launchers {

/// scripts/figures.py and scripts/mlflow_runs.py as they were when this was built.
[[nodiscard]] std::string_view figures_script() noexcept;
[[nodiscard]] std::string_view mlflow_script() noexcept;

/// Runs one of them with the report, in $HPOGRID_PYTHON or else python3. Modules come from where that interpreter finds
/// them, never from the current folder. Throws InputError with the last line that it complained, OutputError where its
/// exit status says that it could not write.
void run_python(std::string_view script, const std::vector<std::string>& arguments, const Report& report);

}  // namespace hpogrid::launchers
