#include "launchers/configurations/edit.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"

#include <fmt/format.h>

#include <set>
#include <string_view>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;

void unset(const Kind& kind, json& configuration, const std::string& key) {
    std::vector<std::string_view> known;
    if (kind.is_one_value) {
        for (const auto& [name, value] : configuration.items()) {
            known.push_back(name);
        }
    } else {
        for (const ConfigOption& option : kind.options) {
            known.push_back(option.store_as);
        }
    }
    if (std::ranges::find(known, key) == known.end()) {
        throw InputError{fmt::format("--unset {}: no such key{}, allowed: {}", config::printable(key),
                                     did_you_mean(key, known), join_names(known))};
    }
    configuration.erase(key);
}

}  // namespace

json edited(const Kind& kind, json configuration, const Edit& edit) {
    for (const std::string& key : edit.unset) {
        unset(kind, configuration, key);
    }
    std::set<std::string> written;
    for (const ConfigOption& option : kind.options) {
        const auto found = edit.given.find(option.key);
        if (found == edit.given.end()) {
            continue;
        }
        json value = value_of_option(option, found->second);
        if (kind.is_one_value) {
            configuration.update(value);
            continue;
        }
        if (!written.insert(option.store_as).second && configuration.at(option.store_as) != value) {
            throw InputError{fmt::format("--{} and --{} differ, allowed: one of the two", option.key, option.store_as)};
        }
        configuration[option.store_as] = std::move(value);
        if (option.store_as == "num_trials") {
            // The seed's own files have the first name.
            configuration.erase("trials");
        }
    }
    return configuration;
}

}  // namespace hpogrid::launchers
