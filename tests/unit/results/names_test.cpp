#include "engine/results/dataset_name.hpp"
#include "engine/results/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hpogrid::results {
namespace {

using namespace std::string_literals;

TEST(Utf8, LeavesWellFormedTextAsItIs) {
    for (const std::string text : {"", "loss", "Verlust größer", "学習率", "🚀", "\xF4\x8F\xBF\xBF"}) {
        EXPECT_TRUE(is_valid_utf8(text)) << text;
        EXPECT_EQ(valid_utf8(text), text);
    }
}

TEST(Utf8, ReplacesEveryByteThatBelongsToNoCharacter) {
    const std::string mark = "\xEF\xBF\xBD";
    EXPECT_EQ(valid_utf8("a\xFF"
                         "b"),
              "a" + mark + "b");
    EXPECT_EQ(valid_utf8("\xC3"), mark) << "cut off";
    EXPECT_EQ(valid_utf8("\xC0\xAF"), mark + mark) << "overlong";
    EXPECT_EQ(valid_utf8("\xE0\x80\xAF"), mark + mark + mark) << "overlong";
    EXPECT_EQ(valid_utf8("\xED\xA0\x80"), mark + mark + mark) << "surrogate";
    EXPECT_EQ(valid_utf8("\xF4\x90\x80\x80"), mark + mark + mark + mark) << "above U+10FFFF";
    EXPECT_EQ(valid_utf8("a\0b"s), "a" + mark + "b");
    EXPECT_FALSE(is_valid_utf8("a\0b"s));
}

TEST(DatasetName, KeepsOrdinaryNames) {
    for (const std::string name : {"loss", "val loss", "50%", "100% x", "größe", "a.b", "..", "%zz"}) {
        EXPECT_EQ(dataset_name(name), name);
    }
}

TEST(DatasetName, EscapesWhatHdf5CannotKeep) {
    EXPECT_EQ(dataset_name("eval/loss"), "eval%2Floss");
    EXPECT_EQ(dataset_name("."), "%2E");
    EXPECT_EQ(dataset_name(""), "%");
    EXPECT_EQ(dataset_name("a\0b"s), "a%00b");
    EXPECT_EQ(dataset_name("a%2Fb"), "a%252Fb");
}

TEST(DatasetName, CanBeUndone) {
    for (const std::string& name :
         {"eval/loss"s, "."s, ""s, "%"s, "%%"s, "a%2Fb"s, "a%252Fb"s, "%25"s, "/"s, "50%"s, "a\0b"s, "%2E"s}) {
        EXPECT_EQ(column_name(dataset_name(name)), name);
    }
}

TEST(DatasetName, GivesDifferentNamesDifferentDatasets) {
    EXPECT_NE(dataset_name(""), dataset_name("%"));
    EXPECT_NE(dataset_name("a/b"), dataset_name("a%2Fb"));
    EXPECT_NE(dataset_name("."), dataset_name("%2E"));
}

}  // namespace
}  // namespace hpogrid::results
