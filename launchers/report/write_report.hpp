#pragma once

#include "launchers/core/text_table.hpp"
#include "launchers/report/report.hpp"

#include <nlohmann/json.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::launchers {

/// Columns that are shown and saved where `--extra` asks for them.
[[nodiscard]] std::span<const std::string_view> extra_columns() noexcept;

/// The trials as a table, in their order: number, hyperparameters, metrics and the extra columns. Cells are JSON
/// values: null where there is none.
struct ReportTable {
    std::vector<std::string> titles;
    std::vector<std::vector<nlohmann::json>> rows;
};

/// Throws InputError for an extra column that there is not.
[[nodiscard]] ReportTable tabulate(const Report& report, const std::vector<std::string>& extra);

/// For the terminal; numbers are rounded to six digits.
[[nodiscard]] TextTable terminal_table(const ReportTable& table);
/// RFC 4180, with a line of titles.
[[nodiscard]] std::string csv_text(const ReportTable& table);
/// One object a trial, in their order.
[[nodiscard]] nlohmann::ordered_json json_of(const ReportTable& table);
/// The original's summary: `project_name`, `hyperparameters`, `metric`, `mode` and `jobs`, each with its best trial and
/// all its results.
[[nodiscard]] nlohmann::ordered_json summary_of(const Report& report);

}  // namespace hpogrid::launchers
