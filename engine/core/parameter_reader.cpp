#include "engine/core/parameter_reader.hpp"

#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace hpogrid {

using nlohmann::json;

ParameterReader::ParameterReader(std::string_view section, std::string_view owner, const json& document)
    : section_{section}, owner_{owner}, document_{document} {
    if (!document.is_object() && !document.is_null()) {
        throw InputError{fmt::format("{} is {}, allowed: an object", section, document.dump())};
    }
}

const json* ParameterReader::find(std::string_view key) {
    known_.push_back(key);
    const auto found = document_.find(key);
    return document_.is_object() && found != document_.end() && !found->is_null() ? &*found : nullptr;
}

void ParameterReader::refuse(std::string_view key, const json& value, std::string_view allowed) const {
    throw InputError{
        fmt::format("{} key '{}' of '{}' is {}, allowed: {}", section_, key, owner_, value.dump(), allowed)};
}

double ParameterReader::number(std::string_view key, double standard, double low, bool open) {
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

double ParameterReader::number_between(std::string_view key, double standard, double low, double high) {
    const json* value = find(key);
    if (value == nullptr) {
        return standard;
    }
    const double given = value->is_number() ? value->get<double>() : std::nan("");
    if (!(given >= low && given <= high)) {
        refuse(key, *value, fmt::format("a number from {} to {}", low, high));
    }
    return given;
}

std::size_t ParameterReader::count(std::string_view key, std::size_t standard, std::size_t low) {
    const json* value = find(key);
    if (value == nullptr) {
        return standard;
    }
    if (!value->is_number_integer() || value->get<std::int64_t>() < static_cast<std::int64_t>(low)) {
        refuse(key, *value, fmt::format("a whole number from {}", low));
    }
    return value->get<std::size_t>();
}

bool ParameterReader::flag(std::string_view key, bool standard) {
    const json* value = find(key);
    if (value == nullptr) {
        return standard;
    }
    if (!value->is_boolean()) {
        refuse(key, *value, "true or false");
    }
    return value->get<bool>();
}

std::string ParameterReader::text(std::string_view key, std::string_view standard) {
    const json* value = find(key);
    if (value == nullptr) {
        return std::string{standard};
    }
    if (!value->is_string() || value->get_ref<const std::string&>().empty()) {
        refuse(key, *value, "a name");
    }
    return value->get<std::string>();
}

std::string ParameterReader::choice(std::string_view key, std::string_view standard,
                                    std::span<const std::string_view> allowed) {
    const json* value = find(key);
    if (value == nullptr) {
        return std::string{standard};
    }
    if (!value->is_string() || std::ranges::find(allowed, value->get_ref<const std::string&>()) == allowed.end()) {
        refuse(key, *value, join_names(std::vector<std::string_view>(allowed.begin(), allowed.end())));
    }
    return value->get<std::string>();
}

std::vector<double> ParameterReader::numbers(std::string_view key, std::vector<double> standard, double low) {
    const json* value = find(key);
    if (value == nullptr) {
        return standard;
    }
    const auto fits = [&](const json& one) {
        return one.is_number() && std::isfinite(one.get<double>()) && one.get<double>() > low;
    };
    if (!value->is_array() || value->empty() || !std::ranges::all_of(*value, fits)) {
        refuse(key, *value, fmt::format("a list of numbers above {}", low));
    }
    return value->get<std::vector<double>>();
}

const json* ParameterReader::object(std::string_view key) {
    const json* value = find(key);
    if (value != nullptr && !value->is_object()) {
        refuse(key, *value, "an object");
    }
    return value;
}

void ParameterReader::finish() const {
    if (!document_.is_object()) {
        return;
    }
    for (const auto& [key, value] : document_.items()) {
        if (std::ranges::find(known_, key) == known_.end()) {
            throw InputError{fmt::format("{} key '{}' is unknown to '{}'{}, allowed: {}", section_, key, owner_,
                                         did_you_mean(key, known_), known_.empty() ? "none" : join_names(known_))};
        }
    }
}

}  // namespace hpogrid
