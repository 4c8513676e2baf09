#include "engine/trials/native/event_data.hpp"

#include "engine/trials/native/column_choice.hpp"
#include "tests/unit/trials/native/refusal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace hpogrid::trials::test {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

EventData from_table(const NumberTable& numbers, const json& param) {
    const std::filesystem::path file{"t.csv"};
    return make_event_data({numbers, file}, nullptr, param);
}

NumberTable small_table() {
    return {{"kind", "x", "y", "w"}, {{0, 1, 0, 1, 1}, {1, 2, 3, 4, 5}, {10, 20, 30, 40, 50}, {1, 1, 1, 1, 2}}};
}

TEST(EventData, TakesTheChosenColumnsOfShuffledRows) {
    const EventData data = from_table(small_table(), {{"label", "kind"},
                                                      {"weight", "w"},
                                                      {"features", {"y", "x"}},
                                                      {"validation_fraction", 0.4},
                                                      {"task", "regression"}});
    EXPECT_EQ(data.table.features, 2);
    ASSERT_EQ(data.folds.size(), 1U);
    EXPECT_EQ(data.folds[0].validation_begin, 3);
    EXPECT_EQ(data.folds[0].validation_end, 5);
    std::vector<float> seen;
    for (std::size_t row = 0; row < 5; ++row) {
        const float x = data.table.values[2 * row + 1];
        EXPECT_EQ(data.table.values[2 * row], 10 * x);
        EXPECT_EQ(data.table.weights[row], x == 5 ? 2 : 1);
        seen.push_back(x);
    }
    EXPECT_FALSE(std::ranges::is_sorted(seen));
    std::ranges::sort(seen);
    EXPECT_THAT(seen, ElementsAre(1, 2, 3, 4, 5));
}

TEST(EventData, TrainsWithAllOtherColumnsByDefault) {
    const json param{{"label", "kind"}, {"task", "regression"}};
    EXPECT_THAT(from_table(small_table(), param).features, ElementsAre("x", "y", "w"));
    json with_weight = param;
    with_weight["weight"] = "w";
    EXPECT_THAT(from_table(small_table(), with_weight).features, ElementsAre("x", "y"));
}

TEST(EventData, CountsClassesUnlessItIsARegression) {
    NumberTable numbers{{"label", "x"}, {{}, {}}};
    for (int i = 0; i < 60; ++i) {
        numbers.columns[0].push_back(static_cast<float>(i % 3));
        numbers.columns[1].push_back(static_cast<float>(i));
    }
    EXPECT_EQ(from_table(numbers, json::object()).table.classes, 3);
    EXPECT_EQ(from_table(numbers, {{"task", "regression"}}).table.classes, 0);
    EXPECT_EQ(from_table(numbers, {{"folds", 5}}).folds.size(), 5U);
}

TEST(EventData, IsRefusedWithWhatIsAllowed) {
    EXPECT_THAT(
        refusal([] {
            return from_table(small_table(), {{"label", "kinds"}});
        }),
        HasSubstr("'label' is 'kinds' (no such column in t.csv (did you mean 'kind'?)), allowed: kind, x, y, w"));
    EXPECT_THAT(refusal([] {
                    return from_table(small_table(), {{"label", "x"}, {"features", "y"}});
                }),
                HasSubstr("allowed: a list of names"));
    NumberTable one_kind = small_table();
    one_kind.columns[0] = {1, 1, 1, 1, 1};
    EXPECT_THAT(refusal([&] {
                    return from_table(one_kind, {{"label", "kind"}});
                }),
                HasSubstr("t.csv: the table has no row of class 0"));
    EXPECT_THAT(refusal([] { return read_event_data(json::object(), "/data"); }), HasSubstr("has no key 'data'"));
}

TEST(EventData, NeedsTheColumnsThatItsKeysNameOrAllIfTheyNameNoFeatures) {
    EXPECT_FALSE(needed_columns({{"label", "kind"}}));
    const auto needed =
        needed_columns({{"label", "kind"}, {"weight", "w"}, {"features", {"x"}}, {"cuts", {{"y", {20, nullptr}}}}});
    for (const char* name : {"kind", "w", "x", "y"}) {
        EXPECT_TRUE(needed->contains(name)) << name;
    }
    EXPECT_FALSE(needed->contains("z"));
}

TEST(EventData, KeepsRowsWithinTheCuts) {
    NumberTable numbers = small_table();
    numbers.columns[0] = {0, 1, 0, 1, 0};
    const EventData data = from_table(numbers, {{"label", "kind"},
                                                {"features", {"x"}},
                                                {"cuts", {{"y", {20, nullptr}}, {"x", {nullptr, 4}}}},
                                                {"task", "regression"}});
    std::vector<float> seen = data.table.values;
    std::ranges::sort(seen);
    EXPECT_THAT(seen, ElementsAre(2, 3, 4));
    EXPECT_THAT(data.features, ElementsAre("x"));
}

TEST(EventData, ValidatesWithATableOfItsOwn) {
    const NumberTable numbers = small_table();
    // Other columns, in another order.
    const NumberTable others{{"x", "spare", "kind", "y"}, {{7, 8}, {0, 0}, {0, 1}, {70, 80}}};
    const std::filesystem::path file{"t.csv"};
    const std::filesystem::path other_file{"v.csv"};
    const NamedTable validation{others, other_file};
    const EventData data = make_event_data({numbers, file}, &validation, {{"label", "kind"}, {"features", {"x", "y"}}});
    ASSERT_EQ(data.folds.size(), 1U);
    EXPECT_EQ(data.folds[0].validation_begin, 5);
    EXPECT_EQ(data.folds[0].validation_end, 7);
    EXPECT_EQ(data.table.values[2 * 5 + 1], 10 * data.table.values[2 * 5]);
    EXPECT_GE(data.table.values[2 * 5], 7);
    const NumberTable incomplete{{"x", "kind"}, {{7, 8}, {0, 1}}};
    EXPECT_THAT(
        refusal([&] {
            const NamedTable other{incomplete, other_file};
            static_cast<void>(make_event_data({numbers, file}, &other, {{"label", "kind"}, {"features", {"x", "y"}}}));
        }),
        HasSubstr("'features' is 'y' (no such column in v.csv"));
}

TEST(EventData, IsRefusedWithTheColumnAndTheRowThatIsNoNumber) {
    NumberTable numbers = small_table();
    numbers.columns[1][3] = std::nanf("");
    const json param{{"label", "kind"}, {"task", "regression"}};
    EXPECT_THAT(refusal([&] { static_cast<void>(from_table(numbers, param)); }),
                HasSubstr("t.csv: column 'x' is nan in row 3 (1 such rows"));
    json with_cut = param;
    with_cut["cuts"] = {{"x", {nullptr, nullptr}}};
    EXPECT_EQ(from_table(numbers, with_cut).table.rows(), 4);
}

TEST(EventData, IsRefusedWithCutsThatCannotBe) {
    const auto refused = [](const json& cuts) {
        return refusal([&] { static_cast<void>(from_table(small_table(), {{"label", "kind"}, {"cuts", cuts}})); });
    };
    EXPECT_THAT(refused({{"x", 3}}), HasSubstr("key 'cuts.x' is 3, allowed: [lowest, highest]"));
    EXPECT_THAT(refused({{"x", {3, 2}}}), HasSubstr("the lower limit first"));
    EXPECT_THAT(refused({{"x", {100, 200}}}), HasSubstr("no row is left after the cut on 'x'"));
    EXPECT_THAT(refused({{"q", {1, 2}}}), HasSubstr("no such column"));
    EXPECT_THAT(refused(json::array({1, 2})), HasSubstr("allowed: an object of ranges"));
}

TEST(EventData, IsRefusedIfAPartHasOneClassOnly) {
    NumberTable numbers = small_table();
    numbers.columns[0] = {0, 1, 1, 1, 1};
    EXPECT_THAT(refusal([&] {
                    static_cast<void>(from_table(numbers, {{"label", "kind"}, {"folds", 5}}));
                }),
                HasSubstr("part of fold 0 has no row of class"));
}

}  // namespace
}  // namespace hpogrid::trials::test
