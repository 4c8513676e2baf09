#pragma once

#include "engine/config/fields.hpp"
#include "engine/config/project.hpp"

#include <vector>

namespace hpogrid::config {

/// The keys of `grid_config`.
[[nodiscard]] std::vector<Field<GridConfig>> grid_fields();

/// Reads `grid_config`. Throws InputError.
[[nodiscard]] GridConfig read_grid_config(const Located& value);

}  // namespace hpogrid::config
