#include "engine/config/json_checker.hpp"

#include "engine/config/json_text.hpp"
#include "engine/config/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hpogrid::config {
namespace {

constexpr std::size_t deepest = 64;

std::string place(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto line = std::ranges::count(before, '\n') + 1;
    const std::size_t line_begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    // Columns count characters, as editors do.
    const auto column =
        std::ranges::count_if(before.substr(line_begin), [](char c) { return (c & '\xC0') != '\x80'; }) + 1;
    return fmt::format("line {}, column {}", line, column);
}

/// What the parser was reading, from its own message.
std::string expectation(std::string_view message) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> expectations{{
        {"; expected end of input", "the end of the file"},
        {"while parsing object key", "a key in double quotes"},
        {"while parsing object separator", "':' after the key"},
        {"while parsing object", "',' or '}'"},
        {"while parsing array", "',' or ']'"},
        {"while parsing value", "a value"},
    }};
    for (const auto& [part, meaning] : expectations) {
        if (message.find(part) != std::string_view::npos) {
            return std::string{meaning};
        }
    }
    return "JSON";
}

/// What people write who think of another language.
std::string hint(std::string_view rest, char before) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 10> habits{{
        {"NaN", "JSON has no NaN"},
        {"nan", "JSON has no NaN"},
        {"Infinity", "JSON has no infinity"},
        {"-Infinity", "JSON has no infinity"},
        {"True", "write true"},
        {"False", "write false"},
        {"None", "write null"},
        {"'", "texts stand in double quotes"},
        {"//", "JSON has no comments"},
        {"#", "JSON has no comments"},
    }};
    for (const auto& [beginning, advice] : habits) {
        if (rest.starts_with(beginning)) {
            return fmt::format(" ({})", advice);
        }
    }
    const bool closing = rest.starts_with('}') || rest.starts_with(']');
    return closing && before == ',' ? " (remove the comma before it)" : "";
}

/// The lexer's own words for what is wrong inside a text or a number, or "".
std::string lexer_complaint(std::string_view message) {
    for (const std::string_view beginning : {"invalid string: ", "invalid number; "}) {
        if (const std::size_t at = message.find(beginning); at != std::string_view::npos) {
            const std::string_view rest = message.substr(at);
            return printable(rest.substr(0, rest.find("; last read")), 120);
        }
    }
    return {};
}

bool has(std::string_view message, std::string_view part) {
    return message.find(part) != std::string_view::npos;
}

/// Where the token began at whose end the parser stopped. The parser's own record of the token is right for texts and
/// numbers only.
std::size_t token_begin(std::string_view read, const std::string& last_token, std::string_view message) {
    if (read.empty()) {
        return 0;
    }
    const bool recorded = has(message, "string literal;") || has(message, "number literal;") ||
                          has(message, "invalid number") || has(message, "number overflow");
    if (recorded && read.ends_with(last_token)) {
        return read.size() - last_token.size();
    }
    std::size_t begin = read.size() - 1;
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const bool word = has(message, "invalid literal") || has(message, " literal;");
    while (word && begin > 0 && is_letter(read[begin - 1])) {
        --begin;
    }
    return begin;
}

/// The last character that is no space, or NUL.
char last_sign(std::string_view text) {
    const std::size_t at = text.find_last_not_of(" \t\r\n");
    return at == std::string_view::npos ? '\0' : text[at];
}

/// One word or sign of the text, for "found …".
std::string_view found_token(std::string_view rest) {
    constexpr std::string_view signs = ",:[]{}";
    if (!rest.empty() && signs.find(rest[0]) != std::string_view::npos) {
        return rest.substr(0, 1);
    }
    const std::size_t end = rest.find_first_of(" \t\r\n,:[]{}", 1);
    return rest.substr(0, std::min({end, rest.size(), std::size_t{24}}));
}

}  // namespace

void JsonChecker::enter() {
    if (levels_.size() == deepest) {
        throw JsonTextError{fmt::format("is nested deeper than {} levels, allowed: at most {}", deepest, deepest)};
    }
    levels_.emplace_back();
}

bool JsonChecker::start_object(std::size_t /*size*/) {
    enter();
    return true;
}

bool JsonChecker::key(string_t& name) {
    Level& level = levels_.back();
    level.current_key = name;
    if (!level.keys.insert(name).second) {
        std::string path;
        for (const Level& above : levels_) {
            if (!above.keys.empty()) {
                path += (path.empty() ? "" : ".") + above.current_key;
            }
        }
        throw JsonTextError{fmt::format("key '{}' is given twice in one object, allowed: once", printable(path))};
    }
    return true;
}

bool JsonChecker::end_object() {
    levels_.pop_back();
    return true;
}

bool JsonChecker::start_array(std::size_t /*size*/) {
    enter();
    return true;
}

bool JsonChecker::end_array() {
    levels_.pop_back();
    return true;
}

bool JsonChecker::parse_error(std::size_t position, const std::string& last_token,
                              const nlohmann::json::exception& error) {
    const std::string_view message = error.what();
    const std::size_t end = std::min(position, text_.size());
    if (has(message, "unexpected end of input")) {
        throw JsonTextError{
            fmt::format("{}: the text ends here, expected {}", place(text_, text_.size()), expectation(message))};
    }
    const std::size_t begin = token_begin(text_.substr(0, end), last_token, message);
    const std::string where = place(text_, begin);
    if (has(message, "number overflow")) {
        throw JsonTextError{fmt::format("{}: the number {} is out of range, allowed: at most 1.8e308", where,
                                        printable(last_token, 40))};
    }
    const std::string_view rest = text_.substr(begin);
    const std::string advice = hint(rest, last_sign(text_.substr(0, begin)));
    if (const std::string complaint = lexer_complaint(message); !complaint.empty() && advice.empty()) {
        throw JsonTextError{fmt::format("{}: {}", place(text_, end == 0 ? 0 : end - 1), complaint)};
    }
    throw JsonTextError{
        fmt::format("{}: found {}{}, expected {}", where, printable(found_token(rest)), advice, expectation(message))};
}

}  // namespace hpogrid::config
