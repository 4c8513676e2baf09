#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace hpogrid::config {

/// The text on one line and harmless on a terminal: control characters and what is not UTF-8 become `\xNN`, and what
/// is longer than `longest` bytes is cut ("…").
[[nodiscard]] std::string printable(std::string_view text, std::size_t longest = 256);
[[nodiscard]] std::string printable_path(const std::filesystem::path& path);
/// The JSON value as a message shows it: compact and cut.
[[nodiscard]] std::string printable_value(const nlohmann::json& value);

/// Offset of the first byte that is not UTF-8 (RFC 3629), or text.size().
[[nodiscard]] std::size_t valid_utf8_length(std::string_view text) noexcept;

/// Control characters of ASCII or of Latin-1 (U+0080 to U+009F) in UTF-8.
[[nodiscard]] bool has_control_characters(std::string_view text) noexcept;

}  // namespace hpogrid::config
