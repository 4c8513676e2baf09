#pragma once

#include "engine/space/sampling_method.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hpogrid::space {

/// A parameter is active only where another, active parameter has one of these values.
/// In JSON: `"condition": {"<other>": [values]}`.
struct Condition {
    std::string parameter;
    std::vector<nlohmann::json> values;
};

/// One hyperparameter: its name in the trial's configuration and how it is sampled.
struct Parameter {
    std::string name;
    SamplingMethod method;
    /// All of them must hold.
    std::vector<Condition> conditions;
};

}  // namespace hpogrid::space
