#pragma once

#include "engine/config/fields.hpp"
#include "engine/config/project.hpp"

#include <vector>

namespace hpogrid::config {

/// The keys of `hpo_config`.
[[nodiscard]] std::vector<Field<HpoConfig>> hpo_fields();

/// Reads `hpo_config`. Throws InputError.
[[nodiscard]] HpoConfig read_hpo_config(const Located& value);

}  // namespace hpogrid::config
