#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// Path of a program on $PATH.
[[nodiscard]] std::optional<std::filesystem::path> find_program(const std::string& name);

/// Runs a program to its end, without a shell, with our standard streams. Answers its exit status, 128 + signal where
/// one ended it. Throws InputError if it cannot be started.
[[nodiscard]] int run_program(const std::vector<std::string>& words, const std::filesystem::path& folder);

/// Becomes the program. Comes back only by InputError, where it cannot be started.
[[noreturn]] void become_program(const std::vector<std::string>& words);

}  // namespace hpogrid::launchers
