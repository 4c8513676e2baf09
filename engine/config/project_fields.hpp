#pragma once

#include "engine/config/fields.hpp"
#include "engine/config/project.hpp"

#include <vector>

namespace hpogrid::config {

/// The keys of a project's JSON.
[[nodiscard]] std::vector<Field<Project>> project_fields();

}  // namespace hpogrid::config
