// What every algorithm must do. A new one is tested here as soon as it stands in the registry.

#include "engine/core/error.hpp"
#include "engine/space/quantile.hpp"
#include "tests/unit/optimizers/trial_driver.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using nlohmann::json;
using space::Categorical;
using space::Fixed;
using space::Point;
using space::Space;
using Kind = Observation::Kind;

std::vector<std::string> algorithm_names() {
    std::vector<std::string> names;
    for (const AlgorithmEntry& entry : algorithms()) {
        names.emplace_back(entry.name);
    }
    return names;
}

class EveryAlgorithm : public testing::TestWithParam<std::string> {
  protected:
    [[nodiscard]] TrialDriver driver(const Space& space, std::uint64_t seed = 1) const {
        return TrialDriver{GetParam(), space, seed};
    }

    /// All ten sampling methods.
    const Space wide_{{{"categorical", Categorical{{"a", nullptr, {1, 2}}}, {}},
                       {"fixed", Fixed{"x"}, {}},
                       {"uniform", space::Uniform{-1, 1}, {}},
                       {"uniformint", space::UniformInt{1, 1000}, {}},
                       {"quniform", space::QUniform{0, 1, 0.1}, {}},
                       {"loguniform", space::LogUniform{1e-5, 1e-1, 10}, {}},
                       {"qloguniform", space::QLogUniform{1, 1000, 10, 5}, {}},
                       {"normal", space::Normal{0, 1}, {}},
                       {"qnormal", space::QNormal{0, 10, 2}, {}},
                       {"lognormal", space::LogNormal{0, 1, 2}, {}},
                       {"qlognormal", space::QLogNormal{1, 1, 10, 1}, {}}}};
    const Space conditional_{{{"kernel", Categorical{{"linear", "poly", "rbf"}}, {}},
                              {"degree", space::UniformInt{2, 5}, {{"kernel", {"poly"}}}},
                              {"even", Categorical{{true, false}}, {{"degree", {2, 4}}}},
                              {"gamma", space::LogUniform{1e-3, 1e3, 10}, {{"kernel", {"poly", "rbf"}}}}}};
    /// Of 3 + 4 + 2 · 4 = 15 points: c is absent for one value of a.
    const Space finite_{{{"a", Categorical{{"x", "y", "z"}}, {}},
                         {"b", space::UniformInt{0, 3}, {{"a", {"y", "z"}}}},
                         {"c", space::QUniform{0, 1, 0.5}, {{"a", {"x"}}}},
                         {"d", Categorical{{1, 2}}, {{"a", {"z"}}}}}};
    static constexpr std::size_t finite_size = 15;
};

const auto name_of = [](const auto& info) { return info.param; };
INSTANTIATE_TEST_SUITE_P(Registry, EveryAlgorithm, testing::ValuesIn(algorithm_names()), name_of);

TEST_P(EveryAlgorithm, IsDeterministic) {
    TrialDriver one = driver(wide_);
    TrialDriver other = driver(wide_);
    for (std::size_t trial = 0; trial < 30; ++trial) {
        for (TrialDriver* either : {&one, &other}) {
            either->ask(1);
            either->tell(Kind::finished, trial, std::sin(static_cast<double>(trial)));
        }
    }
    EXPECT_EQ(one.points(), other.points());
}

TEST_P(EveryAlgorithm, DependsOnTheSeed) {
    TrialDriver one = driver(wide_, 1);
    TrialDriver other = driver(wide_, 2);
    one.ask(10);
    other.ask(10);
    EXPECT_NE(one.points(), other.points());
}

TEST_P(EveryAlgorithm, DoesNotDependOnBatchSizesWhileItMayLookAhead) {
    for (const Space* space : {&wide_, &conditional_, &finite_}) {
        TrialDriver whole = driver(*space);
        const std::size_t count = std::min<std::size_t>(40, whole.optimizer().lookahead());
        TrialDriver single = driver(*space);
        TrialDriver mixed = driver(*space);
        whole.ask(count);
        single.ask_one_by_one(count);
        for (std::size_t asked = 0, batch = 1; asked < count; asked += batch, ++batch) {
            batch = std::min(batch, count - asked);
            mixed.ask(batch);
        }
        EXPECT_EQ(single.points(), whole.points());
        EXPECT_EQ(mixed.points(), whole.points());
    }
}

TEST_P(EveryAlgorithm, StaysInsideTheSpace) {
    TrialDriver driven = driver(wide_);
    ASSERT_EQ(driven.ask(300), 300U);
    for (const Point& point : driven.points()) {
        ASSERT_EQ(point.size(), wide_.parameters().size());
        for (std::size_t i = 0; i < point.size(); ++i) {
            EXPECT_TRUE(space::contains(wide_.parameters()[i].method, point[i])) << wide_.parameters()[i].name;
        }
        EXPECT_EQ(wide_.point(wide_.configuration(point)), point);
    }
}

TEST_P(EveryAlgorithm, RespectsConditions) {
    TrialDriver driven = driver(conditional_);
    ASSERT_EQ(driven.ask(300), 300U);
    std::set<std::string> shapes;
    for (const Point& point : driven.points()) {
        Point conditioned = point;
        conditional_.apply_conditions(conditioned);
        EXPECT_EQ(point, conditioned);
        const json configuration = conditional_.configuration(point);
        EXPECT_EQ(conditional_.point(configuration), point);
        std::string shape;
        for (const auto& [name, value] : configuration.items()) {
            shape += name + " ";
        }
        shapes.insert(shape);
    }
    EXPECT_EQ(shapes,
              (std::set<std::string>{"kernel ", "degree even gamma kernel ", "degree gamma kernel ", "gamma kernel "}));
}

TEST_P(EveryAlgorithm, GivesEachPointOfAFiniteSpaceOnceAndEnds) {
    TrialDriver driven = driver(finite_);
    driven.ask(4 * finite_size);
    const std::set<Point> different(driven.points().begin(), driven.points().end());
    EXPECT_EQ(driven.points().size(), finite_size);
    EXPECT_EQ(different.size(), finite_size);
    EXPECT_EQ(driven.ask(1), 0U);
}

TEST_P(EveryAlgorithm, EndsAtOnceWhenThereIsOnePoint) {
    const Space single{{{"a", Categorical{{"x"}}, {}}, {"b", Fixed{1}, {}}}};
    TrialDriver driven = driver(single);
    EXPECT_EQ(driven.ask(3), 1U);
    EXPECT_EQ(driven.ask(3), 0U);
}

TEST_P(EveryAlgorithm, DoesNotProposeWhatOthersProposed) {
    TrialDriver driven = driver(finite_);
    driven.add(finite_.point({{"a", "y"}, {"b", 2}}));
    driven.add(finite_.point({{"a", "x"}, {"c", 0.5}}));
    driven.add(finite_.point({{"a", "x"}, {"c", 0.5}}));
    driven.tell(Kind::finished, 0, 1.0);
    driven.ask(4 * finite_size);
    EXPECT_EQ(driven.points().size(), finite_size + 1);
    const std::set<Point> different(driven.points().begin(), driven.points().end());
    EXPECT_EQ(different.size(), finite_size);
}

TEST_P(EveryAlgorithm, SurvivesFailuresAndExtremeScores) {
    TrialDriver driven = driver(wide_);
    for (std::size_t trial = 0; trial < 40; ++trial) {
        ASSERT_EQ(driven.ask(1), 1U);
        driven.tell(Kind::intermediate, trial, trial % 2 == 0 ? 1e308 : -1e308);
        driven.tell(trial % 3 == 0 ? Kind::finished : Kind::failed, trial, -1e308);
    }
    for (const Point& point : driven.points()) {
        EXPECT_EQ(wide_.point(wide_.configuration(point)), point);
    }
}

TEST_P(EveryAlgorithm, GoesOnWhenEverythingFails) {
    TrialDriver driven = driver(finite_);
    for (std::size_t trial = 0; trial < finite_size; ++trial) {
        ASSERT_EQ(driven.ask(1), 1U);
        driven.tell(Kind::failed, trial);
    }
    EXPECT_EQ(driven.ask(1), 0U) << "failed points are not tried again";
}

TEST_P(EveryAlgorithm, ProposesAWithdrawnPointAgain) {
    TrialDriver driven = driver(finite_);
    driven.ask(finite_size);
    driven.tell(Kind::finished, 3, 1.0);
    driven.tell(Kind::withdrawn, 5);
    ASSERT_EQ(driven.ask(2), 1U);
    EXPECT_EQ(driven.points().back(), driven.points()[5]);
}

TEST_P(EveryAlgorithm, KeepsAWithdrawnTrialThatIsTakenUpAgain) {
    // What a study does that was stopped and is resumed.
    TrialDriver driven = driver(finite_);
    driven.ask(finite_size);
    driven.tell(Kind::withdrawn, 5);
    driven.tell(Kind::pending, 5);
    EXPECT_EQ(driven.ask(1), 0U);
}

TEST_P(EveryAlgorithm, ToleratesTellsAboutTrialsThatItDoesNotKnow) {
    TrialDriver driven = driver(wide_);
    driven.ask(2);
    for (const Kind kind : {Kind::intermediate, Kind::finished, Kind::failed, Kind::withdrawn}) {
        driven.tell(kind, 1000, 1.0);
    }
    EXPECT_EQ(driven.ask(2), 2U);
}

TEST_P(EveryAlgorithm, ContinuesAStudyFromItsTells) {
    for (const Space* space : {&wide_, &conditional_, &finite_}) {
        TrialDriver before = driver(*space);
        TrialDriver after = driver(*space);
        before.ask_one_by_one(8);
        after.add_all(before.points());
        for (TrialDriver* either : {&before, &after}) {
            either->tell(Kind::finished, 0, 0.5);
            either->tell(Kind::failed, 1);
            either->tell(Kind::withdrawn, 2);
            either->tell(Kind::intermediate, 3, 0.25);
            either->ask_one_by_one(30);
        }
        EXPECT_EQ(before.points(), after.points());
    }
}

TEST_P(EveryAlgorithm, RefusesParametersThatItDoesNotKnow) {
    const json parameters{{"no_such_parameter", 1}};
    try {
        static_cast<void>(make_optimizer(GetParam(), {.space = wide_, .parameters = parameters, .seed = 1}));
        ADD_FAILURE() << "accepted";
    } catch (const InputError& error) {
        EXPECT_NE(std::string{error.what()}.find("'no_such_parameter'"), std::string::npos) << error.what();
        EXPECT_NE(std::string{error.what()}.find("allowed: "), std::string::npos) << error.what();
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
