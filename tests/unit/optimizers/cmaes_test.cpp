#include "engine/optimizers/cmaes.hpp"

#include "engine/core/error.hpp"
#include "tests/unit/optimizers/trial_driver.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

namespace hpogrid::optimizers {
namespace {

using nlohmann::json;
using Kind = Observation::Kind;

const space::Space two{{{"x", space::LogUniform{1e-4, 1, 10}, {}}, {"c", space::Categorical{{"a", "b"}}, {}}}};

std::string refusal(const json& parameters) {
    try {
        static_cast<void>(make_cmaes({.space = two, .parameters = parameters}));
    } catch (const InputError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(Cmaes, StartsWhereItIsTold) {
    const json parameters{{"x0", {{"x", 1e-3}}}, {"sigma0", 1e-6}, {"n_startup_trials", 0}};
    const auto optimizer = make_cmaes({.space = two, .parameters = parameters, .seed = 1});
    for (const Suggestion& suggestion : optimizer->ask(10)) {
        EXPECT_NEAR(std::log10(std::get<double>(suggestion.point[0])), -3.0, 1e-3);
    }
}

TEST(Cmaes, RefusesWhatMakesNoSense) {
    EXPECT_NE(refusal({{"x0", 3}}).find("allowed: an object"), std::string::npos);
    EXPECT_NE(refusal({{"x0", {{"c", "a"}}}}).find("allowed: only numerical parameters"), std::string::npos);
    EXPECT_NE(refusal({{"x0", {{"x", 3}}}}).find("allowed: a number from 0.0001 to 1"), std::string::npos);
    EXPECT_NE(refusal({{"x0", {{"y", 3}}}}).find("names 'y'"), std::string::npos);
    EXPECT_NE(refusal({{"sigma0", 0}}).find("allowed: a number above 0"), std::string::npos);
    EXPECT_NE(refusal({{"popsize", 1}}).find("allowed: a whole number from 2"), std::string::npos);
    EXPECT_NE(refusal({{"restart_strategy", "never"}}).find("allowed: ipop, bipop, none"), std::string::npos);
}

TEST(Cmaes, DrawsIndependentlyUntilTheStartupTrialsHaveEnded) {
    const json parameters{{"n_startup_trials", 2}};
    const auto optimizer = make_cmaes({.space = two, .parameters = parameters, .seed = 1});
    for (const Suggestion& suggestion : optimizer->ask(5)) {
        EXPECT_EQ(suggestion.origin, "random");
    }
    optimizer->tell({.kind = Kind::finished, .trial = TrialId{0}, .score = 1.0});
    optimizer->tell({.kind = Kind::failed, .trial = TrialId{1}});
    EXPECT_EQ(optimizer->ask(1).front().origin, "cma");
}

TEST(Cmaes, BeginsAgainElsewhereWhenItHasConverged) {
    const space::Space real{{{"x", space::Uniform{-5, 5}, {}}, {"y", space::Uniform{-5, 5}, {}}}};
    TrialDriver driver{"cmaes", real, 4};
    bool left = false;
    for (std::size_t trial = 0; trial < 1500; ++trial) {
        driver.ask(1);
        const auto& point = driver.points().back();
        const double x = std::get<double>(point[0]);
        const double y = std::get<double>(point[1]);
        driver.tell(Kind::finished, trial, x * x + y * y);
        left = left || (trial > 400 && x * x + y * y > 1.0);
    }
    EXPECT_TRUE(left);
}

TEST(Cmaes, UsesAUsersPoint) {
    const space::Space real{{{"x", space::Uniform{0, 1}, {}}, {"y", space::Uniform{0, 1}, {}}}};
    const auto mean_of_draws = [&](double user) {
        TrialDriver driver{"cmaes", real};
        driver.add(real.point({{"x", user}, {"y", user}}));
        driver.tell(Kind::finished, 0, -1.0);
        for (std::size_t trial = 1; trial < 6; ++trial) {
            driver.ask(1);
            driver.tell(Kind::finished, trial, 1.0);
        }
        driver.ask(200);
        double sum = 0.0;
        for (std::size_t i = 6; i < driver.points().size(); ++i) {
            sum += std::get<double>(driver.points()[i][0]);
        }
        return sum / 200;
    };
    EXPECT_LT(mean_of_draws(0.2), 0.4);
    EXPECT_GT(mean_of_draws(0.8), 0.6);
}

}  // namespace
}  // namespace hpogrid::optimizers
