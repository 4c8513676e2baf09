#pragma once

#include "launchers/report/report.hpp"
#include "launchers/report/write_report.hpp"

#include <span>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// A form in which a report can be saved.
struct Export {
    const char* option;  ///< "--to_json"
    const char* help;
    /// Writes one or more files whose names begin with `name`, whole or not at all, and answers them. Throws
    /// InputError, OutputError. `report` is ranked and `table` made of it.
    std::vector<std::string> (*write)(const Report& report, const ReportTable& table, const std::string& name);
};

/// All of them. A new one needs a line here and nothing elsewhere.
[[nodiscard]] std::span<const Export> exports() noexcept;

}  // namespace hpogrid::launchers
