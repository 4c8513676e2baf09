#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// Rows of texts with a title above each column.
struct TextTable {
    std::vector<std::string> titles;
    std::vector<std::vector<std::string>> rows;  ///< each as long as `titles`
    std::vector<std::string> styles{};           ///< ANSI parameters of each row ("1;34"); "" or none at all = plain
};

/// The table in lines of at most `width` columns (0 = as wide as it takes), one column a code point. The last columns
/// are cut ("…") where it is too wide; control characters become `\xNN`. Styles show only with `colours`.
[[nodiscard]] std::string render(const TextTable& table, std::size_t width = 0, bool colours = false);

/// Columns of the terminal on standard output; 0 where that is none.
[[nodiscard]] std::size_t terminal_width();

/// Whether standard output is a terminal whose user wants colours: $NO_COLOR is not set (no-color.org) and $TERM is not
/// "dumb".
[[nodiscard]] bool colours_wanted();

}  // namespace hpogrid::launchers
