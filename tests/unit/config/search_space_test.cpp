#include "engine/config/search_space.hpp"

#include "engine/config/sampling_methods.hpp"
#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

#include <numbers>

namespace hpogrid::config {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::vector<space::Parameter> read(const json& value) {
    return read_search_space(Located{value, "p.json", "search_space"});
}
std::string refusal_of(const json& value) {
    return refusal([&] { return read(value); });
}

/// The one parameter's method.
template <class Method>
Method method_of(std::string_view name, const json& dimension) {
    return std::get<Method>(read({{"x", {{"method", name}, {"dimension", dimension}}}}).at(0).method);
}

TEST(SearchSpace, ReadsEveryMethod) {
    EXPECT_EQ(method_of<space::Categorical>("categorical", {{"categories", {1, "a", nullptr}}}).categories.size(), 3U);
    EXPECT_EQ(method_of<space::Uniform>("uniform", {{"low", -1}, {"high", 2.5}}).high, 2.5);
    EXPECT_EQ(method_of<space::UniformInt>("uniformint", {{"low", 1}, {"high", 3.0}}).high, 3);
    EXPECT_EQ(method_of<space::QUniform>("quniform", {{"low", 0}, {"high", 1}, {"q", 0.1}}).q, 0.1);
    EXPECT_EQ(method_of<space::LogUniform>("loguniform", {{"low", 1e-5}, {"high", 1}, {"base", 10}}).low, 1e-5);
    EXPECT_EQ(method_of<space::QLogUniform>("qloguniform", {{"low", 1}, {"high", 9}, {"q", 2}}).q, 2);
    EXPECT_EQ(method_of<space::Normal>("normal", {{"mu", 1}, {"sigma", 2}}).sigma, 2);
    EXPECT_EQ(method_of<space::QNormal>("qnormal", {{"mu", 1}, {"sigma", 2}, {"q", 3}}).q, 3);
    EXPECT_EQ(method_of<space::LogNormal>("lognormal", {{"mu", 1}, {"sigma", 2}, {"base", 2}}).base, 2);
    EXPECT_EQ(method_of<space::QLogNormal>("qlognormal", {{"mu", 1}, {"sigma", 2}, {"q", 3}}).mu, 1);
    EXPECT_EQ(method_of<space::Fixed>("fixed", {{"value", {1, 2}}}).value, json({1, 2}));
}

TEST(SearchSpace, TakesTheBaseOfPowersToBeE) {
    EXPECT_EQ(method_of<space::LogNormal>("lognormal", {{"mu", 0}, {"sigma", 1}}).base, std::numbers::e);
    EXPECT_EQ(method_of<space::QLogNormal>("qlognormal", {{"mu", 0}, {"sigma", 1}, {"q", 1}}).base, std::numbers::e);
}

TEST(SearchSpace, TakesGridSearchAsNumberOrTruthValue) {
    for (const json& yes : {json(1), json(true)}) {
        EXPECT_TRUE(
            method_of<space::Categorical>("categorical", {{"categories", {1}}, {"grid_search", yes}}).grid_search);
    }
    EXPECT_FALSE(method_of<space::Categorical>("categorical", {{"categories", {1}}}).grid_search);
}

TEST(SearchSpace, KeepsConditions) {
    const auto parameters = read(json::parse(R"({
        "optimizer": {"method": "categorical", "dimension": {"categories": ["adam", "sgd"]}},
        "momentum": {"method": "uniform", "dimension": {"low": 0, "high": 1}, "condition": {"optimizer": ["sgd"]}}})"));
    ASSERT_EQ(parameters.size(), 2U);
    ASSERT_EQ(parameters[0].conditions.size(), 1U);
    EXPECT_EQ(parameters[0].conditions[0].parameter, "optimizer");
    EXPECT_THAT(parameters[0].conditions[0].values, testing::ElementsAre("sgd"));
}

TEST(SearchSpace, MayBeATextThatHoldsIt) {
    EXPECT_EQ(read(R"({"x": {"method": "uniform", "dimension": "{\"low\": 0, \"high\": 1}"}})").size(), 1U);
    EXPECT_THAT(refusal_of("my_space"), HasSubstr("a text that holds no JSON"));
}

TEST(SearchSpace, AsksForNumbersWithoutQuotes) {
    EXPECT_EQ(refusal_of(json::parse(R"({"lr": {"method": "uniform", "dimension": {"low": "0.1", "high": 1}}})")),
              "p.json: key 'search_space.lr.dimension.low' is \"0.1\" (a text, not a number: write it without quotes), "
              "allowed: a number");
}

TEST(SearchSpace, AsksForIntegersInUniformint) {
    EXPECT_EQ(refusal_of(json::parse(R"({"n": {"method": "uniformint", "dimension": {"low": 1, "high": 2.5}}})")),
              "p.json: key 'search_space.n.dimension.high' is 2.5, allowed: an integer");
}

TEST(SearchSpace, NamesTheNearestMethod) {
    EXPECT_THAT(refusal_of(json::parse(R"({"n": {"method": "log_uniform", "dimension": {"low": 1, "high": 2}}})")),
                HasSubstr("is \"log_uniform\" (did you mean 'loguniform'?), allowed: categorical, uniform,"));
}

TEST(SearchSpace, NamesWhatAMethodNeeds) {
    EXPECT_THAT(refusal_of(json::parse(R"({"n": {"method": "quniform", "dimension": {"low": 1, "high": 2}}})")),
                HasSubstr("key 'search_space.n.dimension.q' is missing, allowed: a number"));
    EXPECT_THAT(refusal_of(json::parse(R"({"n": {"method": "uniform", "dimension": {"low": 1, "hihg": 2}}})")),
                HasSubstr("'search_space.n.dimension.hihg' is unknown (did you mean 'high'?), allowed: low, high"));
}

TEST(SearchSpace, RefusesNamesThatNoDatasetCanHave) {
    const json uniform = json::parse(R"({"method": "uniform", "dimension": {"low": 1, "high": 2}})");
    for (const std::string& name : {std::string{}, std::string{"a/b"}, std::string{"a\nb"}, std::string(257, 'x')}) {
        EXPECT_THAT(refusal_of({{name, uniform}}), HasSubstr("allowed: a name of 1 to 256 bytes")) << name;
    }
}

TEST(SearchSpace, IsNotEmpty) {
    EXPECT_THAT(refusal_of(json::object()), HasSubstr("there is nothing to optimise"));
}

}  // namespace
}  // namespace hpogrid::config
