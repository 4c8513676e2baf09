#pragma once

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace hpogrid::config {

/// A text that is no JSON, or JSON that a configuration may not be: nested deeper than 64, a key given twice.
/// what() is a clause without file: "line 3, column 7: found '}', expected a value".
class JsonTextError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Strict JSON (RFC 8259) in UTF-8, with or without byte order mark. Throws JsonTextError.
[[nodiscard]] nlohmann::json parse_json(std::string_view text);

/// The same for the content of a file. Throws InputError.
[[nodiscard]] nlohmann::json parse_json_text(std::string_view text, const std::filesystem::path& file);

/// Reads and parses a file. Throws InputError.
[[nodiscard]] nlohmann::json read_json_file(const std::filesystem::path& file);

}  // namespace hpogrid::config
