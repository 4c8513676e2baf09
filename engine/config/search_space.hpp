#pragma once

#include "engine/config/located.hpp"
#include "engine/space/parameter.hpp"

#include <vector>

namespace hpogrid::config {

/// Reads `search_space`: {name: {method, dimension, condition}}. The parameters stand in the order of their names.
/// Throws InputError.
[[nodiscard]] std::vector<space::Parameter> read_search_space(const Located& value);

}  // namespace hpogrid::config
