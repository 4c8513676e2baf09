#pragma once

#include "engine/config/fields.hpp"
#include "engine/config/project.hpp"

#include <vector>

namespace hpogrid::config {

/// The keys of `model_config`.
[[nodiscard]] std::vector<Field<ModelConfig>> model_fields();

/// Reads `model_config`, and checks what does not need the script's file. Throws InputError.
[[nodiscard]] ModelConfig read_model_config(const Located& value);

}  // namespace hpogrid::config
