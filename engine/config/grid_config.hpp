#pragma once

#include "engine/config/fields.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace hpogrid::config {

/// The keys of `grid_config`. Their values belong to the launchers; only the names are checked here.
[[nodiscard]] std::vector<Field<nlohmann::json>> grid_fields();

/// Reads `grid_config`. Throws InputError.
[[nodiscard]] nlohmann::json read_grid_config(const Located& value);

}  // namespace hpogrid::config
