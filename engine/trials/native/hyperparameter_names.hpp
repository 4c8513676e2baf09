#pragma once

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string_view>

namespace hpogrid::trials {

/// Another name by which users know a hyperparameter.
struct OtherName {
    std::string_view other;
    std::string_view own;
};

/// The hyperparameters of a configuration, each by its own name, without the keys that describe the data. Throws
/// InputError for one that is there under two names.
[[nodiscard]] nlohmann::json by_own_names(const nlohmann::json& configuration, std::span<const OtherName> other_names);

}  // namespace hpogrid::trials
