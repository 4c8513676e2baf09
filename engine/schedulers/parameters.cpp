#include "engine/schedulers/parameters.hpp"

#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace hpogrid::schedulers {

using nlohmann::json;

Parameters::Parameters(std::string_view scheduler, const json& document) : scheduler_{scheduler}, document_{document} {
    if (!document.is_object() && !document.is_null()) {
        throw InputError{fmt::format("scheduler_param is {}, allowed: an object", document.dump())};
    }
}

const json* Parameters::find(std::string_view key) {
    known_.push_back(key);
    const auto found = document_.find(key);
    return document_.is_object() && found != document_.end() && !found->is_null() ? &*found : nullptr;
}

void Parameters::refuse(std::string_view key, const json& value, std::string_view allowed) const {
    throw InputError{
        fmt::format("scheduler_param key '{}' of '{}' is {}, allowed: {}", key, scheduler_, value.dump(), allowed)};
}

double Parameters::number(std::string_view key, double standard, double low, bool open) {
    const json* value = find(key);
    if (value == nullptr) {
        return standard;
    }
    const double given = value->is_number() ? value->get<double>() : std::nan("");
    if (!std::isfinite(given) || given < low || (open && given == low)) {
        refuse(key, *value, fmt::format("a number {} {}", open ? "above" : "from", low));
    }
    return given;
}

std::size_t Parameters::count(std::string_view key, std::size_t standard, std::size_t low) {
    const json* value = find(key);
    if (value == nullptr) {
        return standard;
    }
    if (!value->is_number_integer() || value->get<std::int64_t>() < static_cast<std::int64_t>(low)) {
        refuse(key, *value, fmt::format("a whole number from {}", low));
    }
    return value->get<std::size_t>();
}

bool Parameters::flag(std::string_view key, bool standard) {
    const json* value = find(key);
    if (value == nullptr) {
        return standard;
    }
    if (!value->is_boolean()) {
        refuse(key, *value, "true or false");
    }
    return value->get<bool>();
}

std::string Parameters::text(std::string_view key, std::string_view standard) {
    const json* value = find(key);
    if (value == nullptr) {
        return std::string{standard};
    }
    if (!value->is_string() || value->get_ref<const std::string&>().empty()) {
        refuse(key, *value, "a name");
    }
    return value->get<std::string>();
}

void Parameters::finish() const {
    if (!document_.is_object()) {
        return;
    }
    for (const auto& [key, value] : document_.items()) {
        if (std::ranges::find(known_, key) == known_.end()) {
            throw InputError{fmt::format("scheduler_param key '{}' is unknown to '{}'{}, allowed: {}", key, scheduler_,
                                         did_you_mean(key, known_), known_.empty() ? "none" : join_names(known_))};
        }
    }
}

}  // namespace hpogrid::schedulers
