#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// Rows of texts with a title above each column.
struct TextTable {
    std::vector<std::string> titles;
    std::vector<std::vector<std::string>> rows;  ///< each as long as `titles`
};

/// The table in lines of at most `width` columns (0 = as wide as it takes), one column a code point. The last columns
/// are cut ("…") where it is too wide; control characters become `\xNN`.
[[nodiscard]] std::string render(const TextTable& table, std::size_t width = 0);

/// Columns of the terminal on standard output; 0 where that is none.
[[nodiscard]] std::size_t terminal_width();

}  // namespace hpogrid::launchers
