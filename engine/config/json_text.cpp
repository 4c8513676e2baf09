#include "engine/config/json_text.hpp"

#include "engine/config/json_checker.hpp"
#include "engine/config/printable.hpp"
#include "engine/config/text_file.hpp"
#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hpogrid::config {

nlohmann::json parse_json(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        throw JsonTextError{"is empty, allowed: JSON"};
    }
    if (const std::size_t valid = valid_utf8_length(text); valid < text.size()) {
        const auto line = std::ranges::count(text.substr(0, valid), '\n') + 1;
        throw JsonTextError{
            fmt::format("line {}: byte {} of the text is not UTF-8, allowed: JSON in UTF-8", line, valid)};
    }
    // The parser would take it for the end.
    if (text.find('\0') != std::string_view::npos) {
        throw JsonTextError{"has a NUL byte in it, allowed: JSON in UTF-8"};
    }
    JsonChecker checker{text};
    static_cast<void>(nlohmann::json::sax_parse(text, &checker));
    return nlohmann::json::parse(text);
}

nlohmann::json parse_json_text(std::string_view text, const std::filesystem::path& file) {
    try {
        return parse_json(text);
    } catch (const JsonTextError& error) {
        throw InputError{fmt::format("{}: {}", printable_path(file), error.what())};
    }
}

nlohmann::json read_json_file(const std::filesystem::path& file) {
    return parse_json_text(read_text_file(file), file);
}

}  // namespace hpogrid::config
