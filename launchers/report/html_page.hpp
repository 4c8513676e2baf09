#pragma once

#include "launchers/report/report.hpp"
#include "launchers/report/write_report.hpp"

#include <string>

namespace hpogrid::launchers {

enum class HtmlParts { all, parallel_coordinates };

/// One HTML file with everything in it that it needs: the trials, D3 (BSD-3-Clause, as Debian packages it), and the
/// views of `page/`. `report` is ranked and `table` made of it.
[[nodiscard]] std::string html_page(const Report& report, const ReportTable& table, HtmlParts parts);

}  // namespace hpogrid::launchers
