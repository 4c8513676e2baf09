#include "engine/optimizers/registry.hpp"

#include "engine/core/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace hpogrid::optimizers {
namespace {

std::string refusal(std::string_view name, const nlohmann::json& parameters = nullptr) {
    const space::Space space{{{"a", space::Categorical{{1, 2}}, {}}}};
    try {
        static_cast<void>(make_optimizer(name, {.space = space, .parameters = parameters, .seed = 1}));
    } catch (const InputError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(Registry, MakesEveryAlgorithmThatItNames) {
    std::set<std::string_view> names;
    for (const AlgorithmEntry& entry : algorithms()) {
        EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
        EXPECT_FALSE(entry.summary.empty()) << entry.name;
        EXPECT_EQ(refusal(entry.name), "accepted") << entry.name;
        EXPECT_EQ(refusal(entry.name, nlohmann::json::object()), "accepted") << entry.name;
    }
    for (const char* name : {"auto", "random", "tune", "grid", "sobol", "hyperopt", "optuna", "bohb", "skopt",
                             "bayesian", "ax", "cmaes", "nevergrad"}) {
        EXPECT_TRUE(names.contains(name)) << name;
    }
}

TEST(Registry, RefusesUnknownNamesAndNamesTheNearest) {
    EXPECT_THAT(refusal("sobbol"),
                testing::StartsWith("algorithm 'sobbol' is unknown (did you mean 'sobol'?), allowed: "));
    EXPECT_THAT(refusal(""), testing::StartsWith("algorithm '' is unknown, allowed: "));
}

TEST(Registry, RefusesParametersOfAlgorithmsThatHaveNone) {
    EXPECT_EQ(refusal("sobol", {{"scramble", true}}),
              "algorithm_param key 'scramble' is unknown to 'sobol', allowed: none");
}

}  // namespace
}  // namespace hpogrid::optimizers
