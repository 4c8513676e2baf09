#include "launchers/configurations/show.hpp"

#include "engine/config/json_text.hpp"

namespace hpogrid::launchers {
namespace {

using nlohmann::json;

TextTable space_table(const json& space) {
    TextTable table{{"hyperparameter", "method", "dimension", "condition"}, {}};
    for (const auto& [name, definition] : space.items()) {
        table.rows.push_back({name, cell_text(definition.at("method")), definition.at("dimension").dump(),
                              definition.contains("condition") ? definition.at("condition").dump() : ""});
    }
    return table;
}

}  // namespace

std::string cell_text(const json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

TextTable table_of(const Kind& kind, const json& configuration) {
    // As the seed's own command line stored it.
    const json decoded = configuration.is_string() ? config::parse_json(configuration.get<std::string>()) : json{};
    const json& object = configuration.is_string() ? decoded : configuration;
    if (kind.is_one_value) {
        return space_table(object);
    }
    TextTable table{{"key", "value", ""}, {}};
    for (const ConfigOption& option : kind.options) {
        if (object.contains(option.key)) {
            table.rows.push_back({option.key, cell_text(object.at(option.key)), ""});
        } else if (!option.default_text.empty()) {
            table.rows.push_back({option.key, cell_text(config::parse_json(option.default_text)), "default"});
        }
    }
    return table;
}

}  // namespace hpogrid::launchers
