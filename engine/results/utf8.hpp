#pragma once

#include <string>
#include <string_view>

namespace hpogrid::results {

/// Whether valid_utf8() would answer the text as it is.
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

/// The text with U+FFFD in the place of every byte that is not UTF-8 and of every NUL, which HDF5 strings cannot hold.
[[nodiscard]] std::string valid_utf8(std::string_view text);

}  // namespace hpogrid::results
