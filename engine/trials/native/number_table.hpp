#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hpogrid::trials {

/// What is read of a table.
enum class TablePart {
    outline,  ///< names and lengths of columns; these are left empty
    numbers,  ///< all
};

/// Numbers in named columns.
struct NumberTable {
    std::vector<std::string> names;           ///< [column]
    std::vector<std::vector<float>> columns;  ///< [column][row]
    std::vector<std::string> left_out{};      ///< names of columns that nobody wanted
    std::vector<std::size_t> lengths{};       ///< [column] rows, where the file says how many

    [[nodiscard]] std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
};

}  // namespace hpogrid::trials
