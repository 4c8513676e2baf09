#include "engine/config/printable.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace hpogrid::config {
namespace {

/// Length of the UTF-8 sequence at the beginning of `text`, 0 if there is none. `text` is not empty.
std::size_t sequence_length(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto continues = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
        return i < text.size() && byte(i) >= low && byte(i) <= high;
    };
    const unsigned lead = byte(0);
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return continues(1) ? 2 : 0;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        // Neither overlong forms nor surrogates.
        const bool second = continues(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
        return second && continues(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool second = continues(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
        return second && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

bool is_control(std::string_view sequence) noexcept {
    const auto first = static_cast<unsigned char>(sequence[0]);
    return first < 0x20 || first == 0x7F ||
           (sequence.size() == 2 && first == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0);
}

}  // namespace

std::string printable(std::string_view text, std::size_t longest) {
    std::string line;
    for (std::size_t at = 0; at < text.size();) {
        if (line.size() >= longest) {
            return line + "…";
        }
        const std::size_t length = sequence_length(text.substr(at));
        const std::string_view sequence = text.substr(at, length == 0 ? 1 : length);
        if (length == 0 || is_control(sequence)) {
            for (const char byte : sequence) {
                line += fmt::format("\\x{:02X}", static_cast<unsigned char>(byte));
            }
        } else {
            line += sequence;
        }
        at += sequence.size();
    }
    return line;
}

std::string printable_path(const std::filesystem::path& path) {
    return printable(path.string(), 4096);
}

std::string printable_value(const nlohmann::json& value) {
    constexpr std::size_t longest = 80;
    return printable(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), longest);
}

std::size_t valid_utf8_length(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t length = sequence_length(text.substr(at));
        if (length == 0) {
            return at;
        }
        at += length;
    }
    return at;
}

bool has_control_characters(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequence_length(text.substr(at));
        if (length == 0 || is_control(text.substr(at, length))) {
            return true;
        }
        at += length;
    }
    return false;
}

}  // namespace hpogrid::config
