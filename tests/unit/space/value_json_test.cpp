#include "engine/space/value_json.hpp"

#include "engine/core/random.hpp"
#include "engine/space/quantile.hpp"
#include "tests/unit/space/method_examples.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>

namespace hpogrid::space {
namespace {

using nlohmann::json;

TEST(ValueJson, ComesBackThroughTextForEveryMethod) {
    RandomStream stream{4, 0, RandomPurpose::simulation};
    for (const auto& examples : {discrete_examples(), real_examples(), extreme_examples()}) {
        for (const MethodExample& example : examples) {
            for (int i = 0; i < 500; ++i) {
                const Value value = quantile(example.method, stream.uniform());
                const json text = json::parse(to_json(example.method, value).dump());
                ASSERT_EQ(from_json(example.method, text), value) << example.name << ": " << text;
            }
        }
    }
}

TEST(ValueJson, KeepsTheKindOfEachValue) {
    EXPECT_EQ(to_json(UniformInt{1, 5}, std::int64_t{3}).dump(), "3");
    EXPECT_EQ(to_json(Uniform{1, 5}, 3.0).dump(), "3.0");
    EXPECT_EQ(to_json(QUniform{1, 5, 1}, 3.0).dump(), "3.0");
    EXPECT_EQ(to_json(Fixed{{1, "x"}}, Category{0}).dump(), R"([1,"x"])");
    const Categorical any{{nullptr, false, {1, 2}, {{"k", 1}}}};
    EXPECT_EQ(to_json(any, Category{0}).dump(), "null");
    EXPECT_EQ(to_json(any, Category{1}).dump(), "false");
    EXPECT_EQ(to_json(any, Category{2}).dump(), "[1,2]");
    EXPECT_EQ(to_json(any, Category{3}).dump(), R"({"k":1})");
}

TEST(ValueJson, TakesAnIntegerForARealAndAWholeRealForAnInteger) {
    EXPECT_EQ(from_json(Uniform{1, 5}, json(3)), Value{3.0});
    EXPECT_EQ(from_json(UniformInt{1, 5}, json(3.0)), Value{std::int64_t{3}});
    EXPECT_EQ(from_json(Categorical{{1, 2}}, json(2.0)), Value{Category{1}});
}

TEST(ValueJson, WritesMultiplesAsTheyAreSampled) {
    EXPECT_EQ(from_json(QUniform{0, 1, 0.1}, json(0.3)), Value{3 * 0.1});
}

TEST(ValueJson, RefusesWhatTheMethodCannotGive) {
    EXPECT_FALSE(from_json(Uniform{1, 5}, json(6)));
    EXPECT_FALSE(from_json(Uniform{1, 5}, json("3")));
    EXPECT_FALSE(from_json(Uniform{0, 5}, json(true)));
    EXPECT_FALSE(from_json(Uniform{1, 5}, json(nullptr)));
    EXPECT_FALSE(from_json(UniformInt{1, 5}, json(2.5)));
    EXPECT_FALSE(from_json(UniformInt{0, 5}, json(true)));
    EXPECT_FALSE(from_json(UniformInt{INT64_MIN, INT64_MAX}, json(std::uint64_t{1} << 63U)));
    EXPECT_FALSE(from_json(UniformInt{INT64_MIN, INT64_MAX}, json(0x1.0p63)));
    EXPECT_FALSE(from_json(Categorical{{"a", 1}}, json("b")));
    EXPECT_FALSE(from_json(Categorical{{"a", 1}}, json(true)));
    EXPECT_FALSE(from_json(Fixed{3}, json(4)));
}

}  // namespace
}  // namespace hpogrid::space
