#include "launchers/core/text_table.hpp"

#include <gtest/gtest.h>

namespace hpogrid::launchers {
namespace {

TEST(TextTable, AlignsColumnsByCharacters) {
    EXPECT_EQ(render({{"key", "value"}, {{"mode", "min"}, {"größe", "1"}}}),
              "key    value\n"
              "─────  ─────\n"
              "mode   min\n"
              "größe  1\n");
}

TEST(TextTable, CutsWhatIsTooWide) {
    EXPECT_EQ(render({{"a", "b"}, {{"x", "0123456789"}}}, 8),
              "a  b\n"
              "─  ────…\n"
              "x  0123…\n");
}

TEST(TextTable, ShowsControlCharactersAsText) {
    EXPECT_EQ(render({{"a"}, {{"x\x1b[31m\n"}}}),
              "a\n"
              "─────────────\n"
              "x\\x1B[31m\\x0A\n");
    EXPECT_EQ(render({{"a\x1b[1m", "b"}, {{"x", "y"}}}),
              "a\\x1B[1m  b\n"
              "────────  ─\n"
              "x         y\n");
}

TEST(TextTable, StylesRowsOnlyWhereColoursAreWanted) {
    const TextTable table{{"a", "b"}, {{"x", "y"}, {"v", "w"}}, {"1;34", ""}};
    EXPECT_EQ(render(table, 0, true),
              "a  b\n"
              "─  ─\n"
              "\x1b[1;34mx  y\x1b[0m\n"
              "v  w\n");
    EXPECT_EQ(render(table), render({table.titles, table.rows}));
}

}  // namespace
}  // namespace hpogrid::launchers
