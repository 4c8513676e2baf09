#pragma once

#include "engine/results/table.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace hpogrid::launchers {

/// A cell of a results file as JSON, null where it is a number that is not finite.
[[nodiscard]] nlohmann::json cell(const results::ColumnData& data, std::size_t row);

/// The number in a column; NaN where the table has no such column or no number there.
[[nodiscard]] double number(const results::Table& table, std::string_view column, std::size_t row);

/// The text in a column; "" where the table has no such column or no text there.
[[nodiscard]] std::string text(const results::Table& table, std::string_view column, std::size_t row);

}  // namespace hpogrid::launchers
