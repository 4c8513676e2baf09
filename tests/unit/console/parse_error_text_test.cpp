#include "engine/console/parse_error_text.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace hpogrid::console {
namespace {

/// What is said of a command line with these words.
std::string said_of(std::vector<std::string> words) {
    CLI::App app;
    int number = 0;
    bool flag = false;
    app.add_option("--number", number);
    app.add_flag("--flag", flag);
    std::ranges::reverse(words);
    try {
        app.parse(words);
    } catch (const CLI::ParseError& error) {
        return parse_error_text(error);
    }
    return "";
}

TEST(ParseErrorTextTest, CountsNothing) {
    EXPECT_EQ(said_of({"--number"}), "--number: its value is missing");
    EXPECT_EQ(said_of({"--number", "1", "--number", "2"}), "--number: is given more than once, allowed: once");
}

TEST(ParseErrorTextTest, SaysThatAFlagTakesNoValue) {
    EXPECT_EQ(said_of({"--flag=maybe"}), "--flag: takes no value, allowed: it, or without it");
    EXPECT_EQ(said_of({"--flag"}), "");
}

TEST(ParseErrorTextTest, IsOneHarmlessLine) {
    const std::string text = said_of({"a\nb\x1b"});
    EXPECT_NE(text, "");
    EXPECT_EQ(text.find_first_of("\n\x1b"), std::string::npos);
}

}  // namespace
}  // namespace hpogrid::console
