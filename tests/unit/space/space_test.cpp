#include "engine/space/space.hpp"

#include "engine/core/random.hpp"
#include "tests/unit/space/method_examples.hpp"
#include "tests/unit/space/refusal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hpogrid::space {
namespace {

using nlohmann::json;

Space mixed_space() {
    return Space{{{"lr", LogUniform{1e-5, 1e-1, 10}, {}},
                  {"version", Fixed{{{"major", 2}}}, {}},
                  {"layers", UniformInt{1, 4}, {}},
                  {"shape", Categorical{{{1, 2}, nullptr, false, "wide"}}, {}},
                  {"dropout", QUniform{0, 0.5, 0.1}, {}}}};
}

std::string refused_point(const json& configuration) {
    const Space space = mixed_space();
    return refusal([&] { static_cast<void>(space.point(configuration)); });
}

const json good_point{{"lr", 0.01}, {"layers", 2}, {"shape", "wide"}, {"dropout", 0.3}};

json with(const std::string& key, const json& value) {
    json changed = good_point;
    changed[key] = value;
    return changed;
}

TEST(Space, HasADimensionForEverythingButFixedParameters) {
    EXPECT_EQ(mixed_space().dimensions(), 4U);
    EXPECT_EQ(Space{{}}.dimensions(), 0U);
}

TEST(Space, DecodesEachDimensionInOrder) {
    const Space space = mixed_space();
    const std::vector<double> unit{1.0, 0.0, 0.3, 0.5};
    EXPECT_EQ(
        space.configuration(space.decode(unit)),
        json({{"lr", 0.1}, {"version", {{"major", 2}}}, {"layers", 1}, {"shape", nullptr}, {"dropout", 3 * 0.1}}));
}

TEST(Space, ComesBackFromTheCubeForRandomPoints) {
    std::vector<Parameter> parameters;
    for (const MethodExample& example : discrete_examples()) {
        parameters.push_back({example.name, example.method, {}});
    }
    const Space space{parameters};
    RandomStream stream{5, 0, RandomPurpose::simulation};
    std::vector<double> unit(space.dimensions());
    std::vector<double> middle(space.dimensions());
    for (int i = 0; i < 2000; ++i) {
        std::ranges::generate(unit, [&] { return stream.uniform(); });
        const Point point = space.decode(unit);
        space.encode(point, middle);
        ASSERT_EQ(space.decode(middle), point);
    }
}

TEST(Space, ComesBackFromTheConfigurationOfRandomPoints) {
    const Space space = mixed_space();
    RandomStream stream{6, 0, RandomPurpose::simulation};
    std::vector<double> unit(space.dimensions());
    for (int i = 0; i < 2000; ++i) {
        std::ranges::generate(unit, [&] { return stream.uniform(); });
        const Point point = space.decode(unit);
        ASSERT_EQ(space.point(json::parse(space.configuration(point).dump())), point);
    }
}

TEST(Space, RefusesTheSameNameTwice) {
    EXPECT_EQ(refusal([] {
                  Space{{{"lr", Uniform{0, 1}, {}}, {"lr", Uniform{0, 2}, {}}}};
              }),
              "hyperparameter 'lr' is defined twice, allowed: once");
}

TEST(Space, TakesPointsThatUsersWrite) {
    const Space space = mixed_space();
    const Point point = space.point(good_point);
    EXPECT_EQ(point[0], Value{0.01});
    EXPECT_EQ(point[2], Value{std::int64_t{2}});
    EXPECT_EQ(point[3], Value{Category{3}});
    EXPECT_EQ(space.point(with("version", {{"major", 2}})), point);
}

TEST(Space, RefusesPointsWithUnknownKeys) {
    EXPECT_EQ(refused_point(with("layer", 2)),
              "key 'layer' is no hyperparameter (did you mean 'layers'?), allowed: lr, version, layers, shape, "
              "dropout");
}

TEST(Space, RefusesPointsWithMissingKeys) {
    json incomplete = good_point;
    incomplete.erase("layers");
    EXPECT_EQ(refused_point(incomplete), "key 'layers' is missing, allowed: a whole number from 1 to 4");
}

TEST(Space, RefusesPointsWithValuesOutside) {
    EXPECT_EQ(refused_point(with("layers", 5)), "key 'layers' is 5, allowed: a whole number from 1 to 4");
    EXPECT_EQ(refused_point(with("layers", 1.5)), "key 'layers' is 1.5, allowed: a whole number from 1 to 4");
    EXPECT_EQ(refused_point(with("lr", "0.01")), "key 'lr' is \"0.01\", allowed: a number from 1e-05 to 0.1");
    EXPECT_EQ(refused_point(with("shape", "tall")),
              "key 'shape' is \"tall\", allowed: one of [[1,2],null,false,\"wide\"]");
    EXPECT_EQ(refused_point(with("version", 3)), "key 'version' is 3, allowed: only {\"major\":2}");
}

TEST(Space, RefusesPointsThatAreNoObjects) {
    EXPECT_EQ(refused_point(json::array({1, 2})), "[1,2] is no configuration, allowed: an object");
    EXPECT_NE(refused_point(nullptr), "accepted");
}

TEST(Space, CountsItsPoints) {
    EXPECT_EQ(
        (Space{{{"a", UniformInt{1, 4}, {}}, {"b", Categorical{{1, 2, 3}}, {}}, {"c", Fixed{0}, {}}}}.cardinality()),
        12U);
    EXPECT_EQ(Space{{}}.cardinality(), 1U);
    EXPECT_FALSE(mixed_space().cardinality().has_value());
    const UniformInt large{0, std::int64_t{1} << 30U};
    EXPECT_FALSE((Space{{{"a", large, {}}, {"b", large, {}}}}.cardinality().has_value()));
}

}  // namespace
}  // namespace hpogrid::space
