#include "engine/config/grid_config.hpp"

#include "engine/config/rules.hpp"

#include <string>

namespace hpogrid::config {
namespace {

Field<nlohmann::json> kept(std::string_view name, std::string allowed, std::string_view meaning) {
    Field<nlohmann::json> field{.name = name, .allowed = std::move(allowed), .meaning = meaning};
    field.read = [name](const Located& value, nlohmann::json& grid) { grid[std::string{name}] = value.json(); };
    return field;
}

}  // namespace

std::vector<Field<nlohmann::json>> grid_fields() {
    return {
        kept("site", "a text, a list of texts, or null", "Grid sites to which jobs are sent"),
        kept("container", "a text or null", "Container image in which jobs run"),
        kept("inDS", "a text or null", "Input dataset"),
        kept("outDS", "a text or null", "Output dataset"),
        kept("retry", "true, false, 1 or 0", "Whether failed jobs are sent again"),
        kept("extra", "an object {…}", "Further options of the submission"),
    };
}

nlohmann::json read_grid_config(const Located& value) {
    nlohmann::json grid = nlohmann::json::object();
    with_object(value, ObjectRule{}.allowed(),
                [&](const Located& object) { read_fields(grid_fields(), object, grid); });
    return grid;
}

}  // namespace hpogrid::config
