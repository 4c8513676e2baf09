#include "engine/core/random.hpp"
#include "engine/space/space.hpp"
#include "tests/unit/space/refusal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace hpogrid::space {
namespace {

using nlohmann::json;

/// optimiser → momentum → nesterov, listed children first; depth must have two parents at once.
Space nested_space() {
    return Space{{{"nesterov", Categorical{{true, false}}, {{"momentum", {0.5, 1}}}},
                  {"momentum", QUniform{0, 1, 0.5}, {{"optimiser", {"sgd"}}}},
                  {"optimiser", Categorical{{"sgd", "adam"}}, {}},
                  {"beta", Uniform{0, 1}, {{"optimiser", {"adam"}}}},
                  {"depth", UniformInt{1, 3}, {{"optimiser", {"sgd"}}, {"momentum", {0}}}}}};
}

json example(const char* optimiser) {
    return {{"optimiser", optimiser}};
}

std::string refused_space(std::vector<Parameter> parameters) {
    return refusal([&] { const Space space{std::move(parameters)}; });
}

TEST(Conditions, LeaveOutInactiveParametersAndTheirChildren) {
    const Space space = nested_space();
    json adam = example("adam");
    adam["beta"] = 0.5;
    const Point point = space.point(adam);
    EXPECT_EQ(space.configuration(point), adam);
    EXPECT_EQ(point[0], Value{Inactive{}});
    EXPECT_EQ(point[1], Value{Inactive{}});
    EXPECT_EQ(point[4], Value{Inactive{}});
}

TEST(Conditions, MustAllHold) {
    const Space space = nested_space();
    EXPECT_NO_THROW(static_cast<void>(space.point({{"optimiser", "sgd"}, {"momentum", 0}, {"depth", 2}})));
    EXPECT_EQ(refusal([&] {
                  static_cast<void>(space.point({{"optimiser", "sgd"}, {"momentum", 0}}));
              }),
              "key 'depth' is missing, allowed: a whole number from 1 to 3");
    EXPECT_NO_THROW(static_cast<void>(space.point({{"optimiser", "sgd"}, {"momentum", 0.5}, {"nesterov", true}})));
}

TEST(Conditions, HoldOnEveryDecodedPoint) {
    const Space space = nested_space();
    RandomStream stream{7, 0, RandomPurpose::simulation};
    std::vector<double> unit(space.dimensions());
    std::vector<double> encoded(space.dimensions());
    for (int i = 0; i < 2000; ++i) {
        std::ranges::generate(unit, [&] { return stream.uniform(); });
        const Point point = space.decode(unit);
        const json configuration = space.configuration(point);
        const bool sgd = configuration.at("optimiser") == "sgd";
        ASSERT_EQ(configuration.contains("beta"), !sgd);
        ASSERT_EQ(configuration.contains("momentum"), sgd);
        ASSERT_EQ(configuration.contains("nesterov"), sgd && configuration.at("momentum") != 0);
        ASSERT_EQ(configuration.contains("depth"), sgd && configuration.at("momentum") == 0);
        ASSERT_EQ(space.point(configuration), point);
        space.encode(point, encoded);
        const json again = space.configuration(space.decode(encoded));
        ASSERT_EQ(again.at("optimiser"), configuration.at("optimiser"));
        ASSERT_EQ(again.size(), configuration.size());
    }
}

TEST(Conditions, WriteInactiveParametersInTheMiddleOfTheCube) {
    const Space space = nested_space();
    std::vector<double> unit(space.dimensions());
    space.encode(space.point({{"optimiser", "adam"}, {"beta", 0.25}}), unit);
    EXPECT_EQ(unit, (std::vector<double>{0.5, 0.5, 0.75, 0.25, 0.5}));
}

TEST(Conditions, IgnoreValuesOfInactiveParametersInWrittenPoints) {
    const Space space = nested_space();
    const Point point = space.point({{"optimiser", "adam"}, {"beta", 0.5}, {"momentum", 1}});
    EXPECT_EQ(point[1], Value{Inactive{}});
}

TEST(Conditions, DecodeUnconditionedSetsEverything) {
    const Space space = nested_space();
    const Point point = space.decode_unconditioned(std::vector<double>(space.dimensions(), 0.9));
    EXPECT_TRUE(std::ranges::none_of(point, [](const Value& v) { return std::holds_alternative<Inactive>(v); }));
}

TEST(Conditions, MayDependOnAFixedParameter) {
    const Space space{{{"mode", Fixed{"a"}, {}},
                       {"on", Uniform{0, 1}, {{"mode", {"a"}}}},
                       {"list", Categorical{{1, 2}}, {{"on_int", {3, 4.0}}}},
                       {"on_int", UniformInt{0, 9}, {}}}};
    EXPECT_NO_THROW(static_cast<void>(space.point({{"on", 0.5}, {"on_int", 4}, {"list", 2}})));
}

TEST(Conditions, AreRefusedOnUnknownParameters) {
    EXPECT_EQ(refused_space({{"a", Categorical{{1, 2}}, {}}, {"beta", Uniform{0, 1}, {{"aa", {1}}}}}),
              "condition of hyperparameter 'beta' names 'aa', which is no hyperparameter (did you mean 'a'?), "
              "allowed: a, beta");
}

TEST(Conditions, AreRefusedOnValuesThatTheParentCannotTake) {
    EXPECT_EQ(refused_space({{"a", Categorical{{1, 2}}, {}}, {"b", Uniform{0, 1}, {{"a", {1, 3}}}}}),
              "condition of hyperparameter 'b' lists 3 for 'a', allowed: one of [1,2]");
    EXPECT_NE(refused_space({{"a", UniformInt{0, 2}, {}}, {"b", Uniform{0, 1}, {{"a", {0.5}}}}}), "accepted");
}

TEST(Conditions, AreRefusedOnRealNumbersAndWithoutValues) {
    EXPECT_EQ(refused_space({{"a", Uniform{0, 1}, {}}, {"b", Uniform{0, 1}, {{"a", {0.5}}}}}),
              "condition of hyperparameter 'b' names 'a', whose values are real numbers, allowed: one with countable "
              "values");
    EXPECT_EQ(refused_space({{"a", Categorical{{1, 2}}, {}}, {"b", Uniform{0, 1}, {{"a", {}}}}}),
              "condition of hyperparameter 'b' on 'a' lists no value, allowed: one of [1,2]");
}

TEST(Conditions, AreRefusedInCircles) {
    const Categorical pair{{1, 2}};
    EXPECT_EQ(refused_space({{"a", pair, {{"a", {1}}}}}),
              "condition of hyperparameter 'a' depends on itself, allowed: no circles");
    // 'a' only hangs on the circle of 'b' and 'c'.
    const std::string verdict =
        refused_space({{"a", pair, {{"b", {1}}}}, {"b", pair, {{"c", {1}}}}, {"c", pair, {{"b", {2}}}}});
    EXPECT_TRUE(verdict == "condition of hyperparameter 'b' depends on itself, allowed: no circles" ||
                verdict == "condition of hyperparameter 'c' depends on itself, allowed: no circles")
        << verdict;
}

}  // namespace
}  // namespace hpogrid::space
