#include "engine/config/json_text.hpp"

#include "tests/unit/config/refusal.hpp"

#include <nlohmann/json.hpp>

namespace hpogrid::config {
namespace {

using nlohmann::json;

std::string refusal_of(std::string_view text) {
    return refusal([&] { return parse_json_text(text, "p.json"); });
}

TEST(JsonText, ReadsWhatIsJson) {
    EXPECT_EQ(parse_json_text(R"({"a": [1, 2.5, "ü", null, true], "b": {}})", "p.json"),
              json({{"a", {1, 2.5, "ü", nullptr, true}}, {"b", json::object()}}));
}

TEST(JsonText, AcceptsAByteOrderMark) {
    EXPECT_EQ(parse_json("\xEF\xBB\xBF{\"a\": 1}"), json({{"a", 1}}));
}

TEST(JsonText, NamesLineAndColumnAndWhatWasExpected) {
    EXPECT_EQ(refusal_of("{\n  \"a\" 1\n}"), "p.json: line 2, column 7: found 1, expected ':' after the key");
    EXPECT_EQ(refusal_of("{\"a\": 1 \"b\": 2}"), "p.json: line 1, column 9: found \"b\", expected ',' or '}'");
    EXPECT_EQ(refusal_of("[1 2]"), "p.json: line 1, column 4: found 2, expected ',' or ']'");
    EXPECT_EQ(refusal_of("{a: 1}"), "p.json: line 1, column 2: found a, expected a key in double quotes");
    EXPECT_EQ(refusal_of("{} x"), "p.json: line 1, column 4: found x, expected the end of the file");
    EXPECT_EQ(refusal_of("{\"a\": [1,"), "p.json: line 1, column 10: the text ends here, expected a value");
}

TEST(JsonText, CountsColumnsInCharacters) {
    EXPECT_EQ(refusal_of("{\"üü\" 1}"), "p.json: line 1, column 7: found 1, expected ':' after the key");
}

TEST(JsonText, AdvisesThoseWhoThinkOfAnotherLanguage) {
    EXPECT_NE(refusal_of("{\"a\": NaN}").find("(JSON has no NaN)"), std::string::npos);
    EXPECT_NE(refusal_of("{\"a\": -Infinity}").find("(JSON has no infinity)"), std::string::npos);
    EXPECT_NE(refusal_of("{\"a\": True}").find("(write true)"), std::string::npos);
    EXPECT_NE(refusal_of("{\"a\": None}").find("(write null)"), std::string::npos);
    EXPECT_NE(refusal_of("{'a': 1}").find("(texts stand in double quotes)"), std::string::npos);
    EXPECT_NE(refusal_of("// note\n{}").find("(JSON has no comments)"), std::string::npos);
    EXPECT_NE(refusal_of("{\"a\": 1,}").find("(remove the comma before it)"), std::string::npos);
    EXPECT_NE(refusal_of("[1, 2, ]").find("(remove the comma before it)"), std::string::npos);
}

TEST(JsonText, RefusesAKeyGivenTwiceWithItsPath) {
    EXPECT_EQ(refusal_of(R"({"hpo_config": {"mode": "min", "x": [{"mode": 1}], "mode": "max"}})"),
              "p.json: key 'hpo_config.mode' is given twice in one object, allowed: once");
}

TEST(JsonText, AcceptsTheSameKeyInDifferentObjects) {
    EXPECT_NO_THROW(static_cast<void>(parse_json(R"({"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]})")));
}

TEST(JsonText, RefusesDeepNestingWithoutFollowingIt) {
    const std::string deep(1'000'000, '[');
    EXPECT_EQ(refusal_of(deep), "p.json: is nested deeper than 64 levels, allowed: at most 64");
    EXPECT_NO_THROW(static_cast<void>(parse_json(std::string(64, '[') + std::string(64, ']'))));
}

TEST(JsonText, RefusesNumbersOutOfRange) {
    EXPECT_EQ(refusal_of("{\"a\": -1e999}"),
              "p.json: line 1, column 7: the number -1e999 is out of range, allowed: at most 1.8e308");
}

TEST(JsonText, RefusesWhatIsNotUtf8) {
    EXPECT_EQ(refusal_of("{\n\"a\": \"\xFF\"}"),
              "p.json: line 2: byte 8 of the text is not UTF-8, allowed: JSON in UTF-8");
}

TEST(JsonText, RefusesNulBytesWhichTheParserTakesForTheEnd) {
    EXPECT_EQ(refusal_of(std::string_view{"{}\0{}", 5}), "p.json: has a NUL byte in it, allowed: JSON in UTF-8");
}

TEST(JsonText, RefusesAnEmptyText) {
    EXPECT_EQ(refusal_of(" \n"), "p.json: is empty, allowed: JSON");
    EXPECT_EQ(refusal_of("\xEF\xBB\xBF"), "p.json: is empty, allowed: JSON");
}

TEST(JsonText, AnswersOnOneLineWhateverTheTextHolds) {
    EXPECT_EQ(refusal_of("{\"a\": \"x\ny\"}").find('\n'), std::string::npos);
    EXPECT_EQ(refusal_of("{\"a\": \x1B[31m}").find('\x1B'), std::string::npos);
}

}  // namespace
}  // namespace hpogrid::config
