#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hpogrid::launchers {

/// One word of a POSIX shell that stands for exactly this text, whatever is in it. Throws InputError for a NUL byte,
/// which no word can hold.
[[nodiscard]] std::string shell_quoted(std::string_view text);

/// A command line for people to copy, on one line and harmless on a terminal.
[[nodiscard]] std::string shell_command(std::span<const std::string> words);

}  // namespace hpogrid::launchers
