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
    for (const char* name : {"random", "tune", "grid", "sobol"}) {
        EXPECT_TRUE(names.contains(name)) << name;
    }
}

TEST(Registry, RefusesUnknownNamesAndNamesTheNearest) {
    EXPECT_THAT(refusal("sobbol"),
                testing::StartsWith("algorithm 'sobbol' is unknown (did you mean 'sobol'?), allowed: "));
    EXPECT_THAT(refusal(""), testing::StartsWith("algorithm '' is unknown, allowed: "));
}

TEST(Registry, SaysThatAlgorithmsOfTheSeedAreStillMissing) {
    const std::set<std::string_view> known = [] {
        std::set<std::string_view> names;
        for (const AlgorithmEntry& entry : algorithms()) {
            names.insert(entry.name);
        }
        return names;
    }();
    for (const char* name : {"bayesian", "hyperopt", "skopt", "bohb", "ax", "nevergrad", "optuna", "auto"}) {
        if (!known.contains(name)) {
            EXPECT_NE(refusal(name).find("is not in this version yet, allowed: "), std::string::npos) << name;
        }
    }
}

TEST(Registry, RefusesParametersOfAlgorithmsThatHaveNone) {
    EXPECT_EQ(refusal("sobol", {{"scramble", true}}),
              "algorithm_param key 'scramble' is unknown to 'sobol', allowed: none");
}

}  // namespace
}  // namespace hpogrid::optimizers
