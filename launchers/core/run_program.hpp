#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// Runs a program to its end, without a shell, with our standard streams; `output` takes what it prints instead of
/// standard output. Answers its exit status, 128 + signal where one ended it. Throws InputError if it cannot be
/// started.
[[nodiscard]] int run_program(const std::vector<std::string>& words, const std::filesystem::path& folder,
                              std::string* output = nullptr);

/// How a program ended.
struct Ended {
    int status{0};          ///< as run_program() answers it
    std::string complaint;  ///< what it wrote to standard error
};

/// The same in the current folder, with `input` on its standard input. Throws InputError if it cannot be started,
/// OutputError where there is no room for `input` in $TMPDIR.
[[nodiscard]] Ended run_with_input(const std::vector<std::string>& words, const std::string& input);

/// Becomes the program. Comes back only by InputError, where it cannot be started.
[[noreturn]] void become_program(const std::vector<std::string>& words);

}  // namespace hpogrid::launchers
