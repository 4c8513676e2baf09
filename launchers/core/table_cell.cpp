#include "launchers/core/table_cell.hpp"

#include "engine/core/overloaded.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace hpogrid::launchers {

using nlohmann::json;

json cell(const results::ColumnData& data, std::size_t row) {
    return std::visit(
        Overloaded{
            [&](const std::vector<double>& column) { return std::isfinite(column[row]) ? json(column[row]) : json{}; },
            [&](const std::vector<results::Truth>& column) { return json(column[row].value != 0); },
            [&](const auto& column) { return json(column[row]); }},
        data);
}

double number(const results::Table& table, std::string_view column, std::size_t row) {
    const results::Column* found = results::find_column(table, column);
    const json value = found == nullptr ? json{} : cell(found->data, row);
    return value.is_number() ? value.get<double>() : std::nan("");
}

std::string text(const results::Table& table, std::string_view column, std::size_t row) {
    const results::Column* found = results::find_column(table, column);
    const json value = found == nullptr ? json{} : cell(found->data, row);
    return value.is_string() ? value.get<std::string>() : "";
}

}  // namespace hpogrid::launchers
