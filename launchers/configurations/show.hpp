#pragma once

#include "launchers/configurations/kind.hpp"
#include "launchers/core/text_table.hpp"

#include <nlohmann/json.hpp>

namespace hpogrid::launchers {

/// A configuration for people: every key with its value or default; of a search space, its hyperparameters.
[[nodiscard]] TextTable table_of(const Kind& kind, const nlohmann::json& configuration);

/// A value as a table shows it: texts without quotes, everything else as JSON.
[[nodiscard]] std::string cell_text(const nlohmann::json& value);

}  // namespace hpogrid::launchers
