#include "launchers/core/shell_text.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hpogrid::launchers {
namespace {

bool needs_no_quotes(char character) {
    constexpr std::string_view others = "_-./=:,+@%";
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || others.find(character) != std::string_view::npos;
}

/// The form with escapes of bash, zsh and ksh: what a terminal would obey is shown, and stands for itself when copied.
std::string escaped(std::string_view text) {
    std::string quoted = "$'";
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        constexpr unsigned char del = 0x7F;
        if (byte < ' ' || byte >= del) {
            quoted += fmt::format("\\{:03o}", byte);
        } else {
            quoted += (character == '\'' || character == '\\' ? "\\" : "") + std::string{character};
        }
    }
    return quoted + "'";
}

}  // namespace

std::string shell_quoted(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) {
        throw InputError{"a text with a NUL byte cannot be handed to another program, allowed: a text without"};
    }
    std::string quoted = "'";
    for (const char character : text) {
        quoted += character == '\'' ? std::string{"'\\''"} : std::string{character};
    }
    return quoted + "'";
}

std::string shell_command(std::span<const std::string> words) {
    std::string command;
    for (const std::string& word : words) {
        const bool plain = !word.empty() && std::ranges::all_of(word, needs_no_quotes);
        command += (command.empty() ? "" : " ") + (plain                                  ? word
                                                   : config::has_control_characters(word) ? escaped(word)
                                                                                          : shell_quoted(word));
    }
    return command;
}

}  // namespace hpogrid::launchers
