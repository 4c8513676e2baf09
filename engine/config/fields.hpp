#pragma once

#include "engine/config/located.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hpogrid::config {

/// One key of an object and all that is to be said about it: the parser and the reference page read the same table.
template <class Config>
struct Field {
    std::string_view name;
    std::string allowed;
    std::string_view meaning;
    bool required{false};
    /// null means the default, as if the key were absent.
    bool nullable{false};
    std::function<void(const Located&, Config&)> read{};
    /// The default as it would stand in the file, "" = none.
    std::function<std::string(const Config&)> show_default{};
    /// Keys of the object that this key holds, if they are known.
    std::vector<Field> members{};

    [[nodiscard]] Field as_required() && {
        required = true;
        return std::move(*this);
    }
    [[nodiscard]] Field or_null() && {
        nullable = true;
        return std::move(*this);
    }
};

/// A key that sets one member. Its default is the one that the struct gives it.
template <class Config, class Member, class Rule>
[[nodiscard]] Field<Config> field(std::string_view name, Member Config::*member, Rule rule, std::string_view meaning) {
    Field<Config> result{.name = name, .allowed = rule.allowed(), .meaning = meaning};
    result.read = [member, rule](const Located& value, Config& config) {
        config.*member = static_cast<Member>(rule(value));
    };
    result.show_default = [member, rule](const Config& config) {
        using Shown = std::invoke_result_t<const Rule&, const Located&>;
        return rule.show(static_cast<Shown>(config.*member));
    };
    return result;
}

/// Sets what the object says. Unknown keys are refused first: a typo explains a missing key.
template <class Config>
void read_fields(const std::vector<Field<Config>>& fields, const Located& object, Config& config) {
    std::vector<std::string_view> names;
    for (const Field<Config>& field : fields) {
        names.push_back(field.name);
    }
    for (const auto& [key, value] : object.json().items()) {
        if (std::ranges::find(names, key) == names.end()) {
            throw object.unknown(key, names);
        }
    }
    for (const Field<Config>& field : fields) {
        const auto found = object.json().find(field.name);
        if (found == object.json().end()) {
            if (field.required) {
                throw object.missing(field.name, field.allowed);
            }
        } else if (!(field.nullable && found->is_null())) {
            field.read(object.member(std::string{field.name}), config);
        }
    }
}

/// A key that holds an object with known keys.
template <class Config>
[[nodiscard]] Field<Config> group(std::string_view name, std::string_view meaning, std::vector<Field<Config>> members) {
    Field<Config> result{.name = name, .allowed = "an object {…}", .meaning = meaning};
    result.read = [members, allowed = result.allowed](const Located& value, Config& config) {
        with_object(value, allowed, [&](const Located& object) { read_fields(members, object, config); });
    };
    result.members = std::move(members);
    return result;
}

}  // namespace hpogrid::config
