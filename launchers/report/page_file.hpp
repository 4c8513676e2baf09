#pragma once

#include <string_view>

namespace hpogrid::launchers {

/// page/page.html with style, script and D3 in it, and HPOGRID_DATA where the data belong.
[[nodiscard]] std::string_view page_file() noexcept;

}  // namespace hpogrid::launchers
