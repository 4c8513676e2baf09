#include "launchers/core/shell_text.hpp"

#include "engine/core/error.hpp"

#include <algorithm>

namespace hpogrid::launchers {
namespace {

bool needs_no_quotes(char character) {
    constexpr std::string_view others = "_-./=:,+@%";
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || others.find(character) != std::string_view::npos;
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
        command += (command.empty() ? "" : " ") + (plain ? word : shell_quoted(word));
    }
    return command;
}

}  // namespace hpogrid::launchers
