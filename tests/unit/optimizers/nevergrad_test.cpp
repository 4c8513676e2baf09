#include "engine/optimizers/nevergrad.hpp"

#include "tests/unit/optimizers/optimizing.hpp"
#include "tests/unit/optimizers/trial_driver.hpp"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>

namespace hpogrid::optimizers {
namespace {

using nlohmann::json;
using Kind = Observation::Kind;

const space::Space real{{{"x", space::Uniform{0, 1}, {}}, {"y", space::Uniform{0, 1}, {}}}};
const space::Space ordered{{{"x", space::Uniform{0, 1}, {}}, {"n", space::UniformInt{0, 9}, {}}}};
const space::Space mixed{{{"x", space::Uniform{0, 1}, {}}, {"c", space::Categorical{{"a", "b"}}, {}}}};

const space::Space categories{{{"b", space::Categorical{{1, 2}}, {}}, {"c", space::Categorical{{"a", "b", "c"}}, {}}}};

/// How the second point came about, which tells the method.
std::string origin(const space::Space& space, std::size_t trials, std::size_t workers, const json& parameters = {}) {
    const auto optimizer = make_nevergrad(
        {.space = space, .parameters = parameters, .seed = 1, .num_trials = trials, .concurrency = workers});
    static_cast<void>(optimizer->ask(1));
    optimizer->tell({.kind = Kind::finished, .trial = TrialId{0}, .score = 1.0});
    return optimizer->ask(1).front().origin;
}

TEST(Nevergrad, ChoosesByTypesBudgetAndWorkers) {
    EXPECT_EQ(origin(real, 100, 1), "cobyla");
    EXPECT_EQ(origin(real, 100, 8), "cma");
    EXPECT_EQ(origin(real, 1000, 1), "cma");
    EXPECT_EQ(origin(ordered, 100, 1), "mutation");
    EXPECT_EQ(origin(categories, 100, 1), "mutation");
    EXPECT_EQ(origin(mixed, 100, 1), "cma");
}

TEST(Nevergrad, TakesTheNamedMethod) {
    const std::array<std::pair<std::string, std::string>, 4> expected{
        {{"OnePlusOne", "one_plus_one"}, {"CMA", "cma"}, {"DE", "random"}, {"DiscreteOnePlusOne", "mutation"}}};
    for (const auto& [name, origin_of_second] : expected) {
        EXPECT_EQ(origin(real, 100, 1, {{"optimizer", name}}), origin_of_second);
    }
}

TEST(Nevergrad, TakesBudgetAndWorkersFromItsParametersBeforeTheStudys) {
    EXPECT_EQ(origin(real, 100, 1, {{"budget", 1000}}), "cma");
    EXPECT_EQ(origin(real, 100, 1, {{"num_workers", 8}}), "cma");
    EXPECT_EQ(origin(real, 100, 1, {{"optimizer_kwargs", {{"budget", 1000}, {"num_workers", 8}}}}), "cma");
}

TEST(Nevergrad, RefusesWhatItDoesNotKnow) {
    EXPECT_NE(refusal_of("nevergrad", {{"optimizer", "NGOpt99"}}).find("allowed: NGOpt, OnePlusOne"),
              std::string::npos);
    EXPECT_NE(refusal_of("nevergrad", {{"budget", 0}}).find("allowed: a whole number from 1"), std::string::npos);
    EXPECT_NE(refusal_of("nevergrad", {{"optimizer_kwargs", {{"budgte", 3}}}}).find("'budgte'"), std::string::npos);
}

/// Everything that a method must bear, for each of them.
class EveryMethod : public testing::TestWithParam<std::string> {};
const auto name_of = [](const auto& info) { return info.param; };
INSTANTIATE_TEST_SUITE_P(Nevergrad, EveryMethod,
                         testing::Values("OnePlusOne", "CauchyOnePlusOne", "DiscreteOnePlusOne",
                                         "PortfolioDiscreteOnePlusOne", "FastGADiscreteOnePlusOne",
                                         "DoubleFastGADiscreteOnePlusOne", "DiscreteBSOOnePlusOne",
                                         "DiscreteLenglerOnePlusOne", "DE", "TwoPointsDE", "CMA", "DiagonalCMA",
                                         "MetaModel", "Cobyla"),
                         name_of);

TEST_P(EveryMethod, GoesOnThroughFailuresWithdrawalsAndPointsOfOthers) {
    const json parameters{{"optimizer", GetParam()}};
    const space::Space wide{{{"c", space::Categorical{{"a", "b", "c"}}, {}},
                             {"x", space::LogUniform{1e-5, 1, 10}, {}},
                             {"n", space::UniformInt{1, 9}, {{"c", {"a", "b"}}}},
                             {"q", space::QNormal{0, 3, 1}, {}},
                             {"u", space::Uniform{-1, 1}, {}}}};
    TrialDriver driver{"nevergrad", wide, parameters, 3};
    driver.add(wide.point({{"c", "a"}, {"x", 0.5}, {"n", 3}, {"q", -2}, {"u", 0.5}}));
    driver.tell(Kind::finished, 0, 1e300);
    for (std::size_t trial = 1; trial < 150; ++trial) {
        ASSERT_EQ(driver.ask(1), 1U);
        if (trial % 5 != 0) {
            driver.tell(trial % 7 == 0   ? Kind::withdrawn
                        : trial % 4 == 0 ? Kind::failed
                                         : Kind::finished,
                        trial, static_cast<double>(trial % 11) * 1e307);
        }
    }
    for (const space::Point& point : driver.points()) {
        EXPECT_EQ(wide.point(wide.configuration(point)), point);
    }
}

TEST_P(EveryMethod, BeatsTheMiddleOnASimpleFunction) {
    const json parameters{{"optimizer", GetParam()}};
    TrialDriver driver{"nevergrad", real, parameters, 3};
    double best = 1.0;
    for (std::size_t trial = 0; trial < 150; ++trial) {
        driver.ask(1);
        const auto& point = driver.points().back();
        const double x = std::get<double>(point[0]) - 0.1;
        const double y = std::get<double>(point[1]) - 0.8;
        best = std::min(best, x * x + y * y);
        driver.tell(Kind::finished, trial, x * x + y * y);
    }
    EXPECT_LT(best, 0.02) << "the middle has 0.25";
}

}  // namespace
}  // namespace hpogrid::optimizers
