#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace hpogrid::study {
struct Counts;
}

namespace hpogrid::console {

/// "0:01:10"; "unknown" for what is not finite.
[[nodiscard]] std::string duration(double seconds);

/// The first `width` columns of UTF-8 text, one column a code point; cut text ends in "…".
[[nodiscard]] std::string fit(const std::string& text, std::size_t width);

/// Columns of UTF-8 text, one a code point.
[[nodiscard]] std::size_t columns(std::string_view text);

/// Rows that lines take on a terminal of `width` > 0 columns, which wraps the longer ones.
[[nodiscard]] std::size_t rows(std::span<const std::string> lines, std::size_t width);

/// "██░░" of `width` columns. `share`: from 0 to 1.
[[nodiscard]] std::string bar(double share, std::size_t width);

/// " (3 running, 1 failed)": trials by state, but those that are queued or completed; empty where there are none.
[[nodiscard]] std::string counts_text(const study::Counts& counts);

/// A value in a few characters, none of which steers the terminal.
[[nodiscard]] std::string value_text(const nlohmann::json& value);

/// "lr=0.01  layers=2". `configuration`: {name: value}.
[[nodiscard]] std::string configuration_text(const nlohmann::json& configuration);

}  // namespace hpogrid::console
