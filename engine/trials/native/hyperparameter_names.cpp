#include "engine/trials/native/hyperparameter_names.hpp"

#include "engine/core/error.hpp"
#include "engine/trials/native/event_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace hpogrid::trials {

nlohmann::json by_own_names(const nlohmann::json& configuration, std::span<const OtherName> other_names) {
    nlohmann::json own = nlohmann::json::object();
    for (const auto& [key, value] : configuration.items()) {
        const auto other = std::ranges::find(other_names, std::string_view{key}, &OtherName::other);
        const std::string name{other == other_names.end() ? std::string_view{key} : other->own};
        if (own.contains(name)) {
            throw InputError{fmt::format("configuration has '{}' under two names, allowed: one of them", name)};
        }
        if (std::ranges::find(data_keys(), std::string_view{name}) == data_keys().end()) {
            own[name] = value;
        }
    }
    return own;
}

}  // namespace hpogrid::trials
