#pragma once

#include "launchers/configurations/kind.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// What the command line says of a configuration.
struct Edit {
    std::map<std::string, std::vector<std::string>> given;  ///< texts by the key of their option
    std::vector<std::string> unset;                         ///< keys that are to have their defaults again
};

/// The configuration with these changes: given keys replace those that are there; the hyperparameters of a search space
/// are merged one by one. Throws InputError.
[[nodiscard]] nlohmann::json edited(const Kind& kind, nlohmann::json configuration, const Edit& edit);

}  // namespace hpogrid::launchers
