#include "engine/config/printable.hpp"

#include <gtest/gtest.h>

namespace hpogrid::config {
namespace {

TEST(Printable, KeepsOrdinaryText) {
    EXPECT_EQ(printable("größe 学习率"), "größe 学习率");
}

TEST(Printable, EscapesControlCharactersAndWhatIsNotUtf8) {
    EXPECT_EQ(printable("a\nb\x1B[0m\x7F"), "a\\x0Ab\\x1B[0m\\x7F");
    EXPECT_EQ(printable("\xC2\x9B"), "\\xC2\\x9B");
    EXPECT_EQ(printable("\xFFz"), "\\xFFz");
}

TEST(Printable, CutsLongTextBetweenCharacters) {
    EXPECT_EQ(printable("ääää", 4), "ää…");
}

TEST(Utf8, EndsAtTheFirstByteThatIsNone) {
    EXPECT_EQ(valid_utf8_length("aé学\xF0\x9F\x9A\x80"), 10U);
    EXPECT_EQ(valid_utf8_length("a\xC0\x80"), 1U) << "overlong";
    EXPECT_EQ(valid_utf8_length("a\xED\xA0\x80"), 1U) << "surrogate";
    EXPECT_EQ(valid_utf8_length("a\xF4\x90\x80\x80"), 1U) << "above U+10FFFF";
    EXPECT_EQ(valid_utf8_length("a\xE5\xAD"), 1U) << "cut short";
}

}  // namespace
}  // namespace hpogrid::config
