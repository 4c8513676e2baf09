#include "launchers/core/shell_text.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

namespace hpogrid::launchers {
namespace {

std::string said_by_shell(const std::string& script) {
    std::string output;
    std::FILE* pipe = ::popen(script.c_str(), "r");
    std::array<char, 4096> block{};
    while (const std::size_t count = std::fread(block.data(), 1, block.size(), pipe)) {
        output.append(block.data(), count);
    }
    ::pclose(pipe);
    return output;
}

TEST(ShellQuoted, StandsForTheTextWhateverIsInIt) {
    for (const std::string& text :
         {std::string{}, std::string{"plain"}, std::string{"it's"}, std::string{"$(id) `id` $HOME"},
          std::string{"a\nb\\\n"}, std::string{"\"; exit; \""}, std::string{"'"}, std::string{"-n"},
          std::string{"ä*?[a]~"}, std::string(10'000, '\'')}) {
        EXPECT_EQ(said_by_shell("printf %s " + shell_quoted(text)), text);
    }
}

TEST(ShellQuoted, RefusesWhatNoShellCanHold) {
    EXPECT_THROW(static_cast<void>(shell_quoted(std::string_view{"a\0b", 3})), InputError);
}

TEST(ShellCommand, QuotesOnlyWhereItMust) {
    const std::vector<std::string> words{"prun", "--site=A,B", "--architecture=#&nvidia", ""};
    EXPECT_EQ(shell_command(words), "prun --site=A,B '--architecture=#&nvidia' ''");
}

TEST(ShellCommand, ShowsWhatATerminalWouldObeyAndStandsForItAllTheSame) {
    for (const std::string& text :
         {std::string{"a\nb'c\\d"}, std::string{"\x1b[31mred"}, std::string{"\xff\xc2\x9b"}}) {
        const std::vector<std::string> words{"printf", "%s", text};
        EXPECT_FALSE(config::has_control_characters(shell_command(words))) << shell_command(words);
        EXPECT_EQ(said_by_shell("bash -c " + shell_quoted(shell_command(words))), text);
    }
}

}  // namespace
}  // namespace hpogrid::launchers
