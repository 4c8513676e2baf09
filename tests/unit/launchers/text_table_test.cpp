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
}

}  // namespace
}  // namespace hpogrid::launchers
