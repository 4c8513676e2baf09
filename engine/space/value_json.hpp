#pragma once

#include "engine/space/sampling_method.hpp"
#include "engine/space/value.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>

namespace hpogrid::space {

/// The value as users see it: integers stay integers, categories are what the configuration lists.
/// \pre the value is not Inactive
[[nodiscard]] nlohmann::json to_json(const SamplingMethod& method, const Value& value);

/// The inverse, for values that a user wrote; nothing if the method cannot give it. Numbers compare by value (2
/// == 2.0).
[[nodiscard]] std::optional<Value> from_json(const SamplingMethod& method, const nlohmann::json& json);

}  // namespace hpogrid::space
