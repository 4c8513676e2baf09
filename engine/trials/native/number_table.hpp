#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hpogrid::trials {

/// Numbers in named columns.
struct NumberTable {
    std::vector<std::string> names;           ///< [column]
    std::vector<std::vector<float>> columns;  ///< [column][row]
    std::vector<std::string> left_out{};      ///< names of columns that nobody wanted

    [[nodiscard]] std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
};

}  // namespace hpogrid::trials
