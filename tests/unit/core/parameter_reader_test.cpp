#include "engine/core/parameter_reader.hpp"

#include "engine/core/error.hpp"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace hpogrid {
namespace {

using nlohmann::json;

template <class Read>
std::string refusal(const json& document, Read read) {
    try {
        ParameterReader reader{"scheduler_param", "pbt", document};
        read(reader);
        reader.finish();
    } catch (const InputError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(ParameterReader, GivesWhatIsWritten) {
    const json document{{"a", 2}, {"b", 3}, {"c", true}, {"d", "name"}};
    ParameterReader reader{"scheduler_param", "pbt", document};
    EXPECT_EQ(reader.number("a", 1.5, 0), 2.0);
    EXPECT_EQ(reader.count("b", 1, 1), 3U);
    EXPECT_TRUE(reader.flag("c", false));
    EXPECT_EQ(reader.text("d", "other"), "name");
    EXPECT_NO_THROW(reader.finish());
}

TEST(ParameterReader, GivesDefaultsForWhatIsAbsentOrNull) {
    for (const json& document : {json(nullptr), json::object(), json{{"a", nullptr}}}) {
        ParameterReader reader{"scheduler_param", "pbt", document};
        EXPECT_EQ(reader.number("a", 1.5, 0), 1.5);
        EXPECT_EQ(reader.count("b", 4, 1), 4U);
        EXPECT_TRUE(reader.flag("c", true));
        EXPECT_EQ(reader.text("d", "other"), "other");
        EXPECT_NO_THROW(reader.finish());
    }
}

TEST(ParameterReader, RefusesNumbersOutOfRange) {
    const auto closed = [](ParameterReader& reader) { static_cast<void>(reader.number("a", 1, 0)); };
    const auto open = [](ParameterReader& reader) { static_cast<void>(reader.number("a", 1, 0, true)); };
    EXPECT_EQ(refusal({{"a", -1}}, closed), "scheduler_param key 'a' of 'pbt' is -1, allowed: a number from 0");
    EXPECT_EQ(refusal({{"a", 0}}, closed), "accepted");
    EXPECT_EQ(refusal({{"a", 0}}, open), "scheduler_param key 'a' of 'pbt' is 0, allowed: a number above 0");
    EXPECT_NE(refusal({{"a", "1"}}, closed), "accepted");
    EXPECT_NE(refusal({{"a", true}}, closed), "accepted");
}

TEST(ParameterReader, RefusesNumbersOutsideTheirInterval) {
    const auto read = [](ParameterReader& reader) { static_cast<void>(reader.number_between("a", 0.5, 0, 1)); };
    EXPECT_EQ(refusal({{"a", 1.5}}, read), "scheduler_param key 'a' of 'pbt' is 1.5, allowed: a number from 0 to 1");
    EXPECT_EQ(refusal({{"a", 0}}, read), "accepted");
    EXPECT_EQ(refusal({{"a", 1}}, read), "accepted");
    EXPECT_NE(refusal({{"a", "1"}}, read), "accepted");
}

TEST(ParameterReader, RefusesWhatIsNotAmongTheChoices) {
    static constexpr std::array<std::string_view, 2> allowed{"EI", "LCB"};
    const auto read = [](ParameterReader& reader) { static_cast<void>(reader.choice("a", "EI", allowed)); };
    EXPECT_EQ(refusal({{"a", "PI"}}, read), "scheduler_param key 'a' of 'pbt' is \"PI\", allowed: EI, LCB");
    EXPECT_EQ(refusal({{"a", "LCB"}}, read), "accepted");
    EXPECT_NE(refusal({{"a", 1}}, read), "accepted");
}

TEST(ParameterReader, RefusesCountsThatAreNotWholeOrTooSmall) {
    const auto read = [](ParameterReader& reader) { static_cast<void>(reader.count("n", 1, 2)); };
    EXPECT_EQ(refusal({{"n", 1}}, read), "scheduler_param key 'n' of 'pbt' is 1, allowed: a whole number from 2");
    EXPECT_EQ(refusal({{"n", 2}}, read), "accepted");
    EXPECT_NE(refusal({{"n", 2.5}}, read), "accepted");
    EXPECT_NE(refusal({{"n", -3}}, read), "accepted");
    EXPECT_NE(refusal({{"n", 18446744073709551615U}}, read), "accepted");
}

TEST(ParameterReader, RefusesTheWrongKind) {
    EXPECT_EQ(refusal({{"c", 1}}, [](ParameterReader& reader) { static_cast<void>(reader.flag("c", false)); }),
              "scheduler_param key 'c' of 'pbt' is 1, allowed: true or false");
    EXPECT_EQ(refusal({{"d", ""}}, [](ParameterReader& reader) { static_cast<void>(reader.text("d", "x")); }),
              "scheduler_param key 'd' of 'pbt' is \"\", allowed: a name");
    EXPECT_EQ(refusal(json::array(), [](ParameterReader&) {}), "scheduler_param is [], allowed: an object");
}

TEST(ParameterReader, GivesObjectsForReadersOfTheirOwn) {
    const json document{{"inner", {{"a", 2}}}};
    ParameterReader reader{"scheduler_param", "pbt", document};
    EXPECT_EQ(reader.object("absent"), nullptr);
    const json* inner = reader.object("inner");
    ASSERT_NE(inner, nullptr);
    EXPECT_EQ(ParameterReader("scheduler_param.inner", "pbt", *inner).number("a", 0, 0), 2.0);
    EXPECT_NO_THROW(reader.finish());
    EXPECT_EQ(refusal({{"inner", 3}}, [](ParameterReader& wrong) { static_cast<void>(wrong.object("inner")); }),
              "scheduler_param key 'inner' of 'pbt' is 3, allowed: an object");
}

TEST(ParameterReader, RefusesUnknownKeysAndNamesTheKnown) {
    const auto read = [](ParameterReader& reader) {
        static_cast<void>(reader.count("grace_period", 1, 1));
        reader.allow("max_t");
    };
    EXPECT_EQ(refusal({{"grace_perod", 1}}, read),
              "scheduler_param key 'grace_perod' is unknown to 'pbt' (did you mean 'grace_period'?), allowed: "
              "grace_period, max_t");
    EXPECT_EQ(refusal({{"max_t", 1}}, read), "accepted");
    EXPECT_EQ(refusal({{"x", 1}}, [](ParameterReader&) {}),
              "scheduler_param key 'x' is unknown to 'pbt', allowed: none");
}

}  // namespace
}  // namespace hpogrid
