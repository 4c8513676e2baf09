#include "engine/optimizers/known_points.hpp"
#include "tests/unit/optimizers/trial_driver.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using space::Categorical;
using space::Space;

TEST(Random, GivesATrialTheSamePointWhateverCameBefore) {
    const Space space{{{"x", space::Uniform{0, 1}, {}}, {"y", space::Uniform{0, 1}, {}}}};
    for (const char* algorithm : {"random", "sobol"}) {
        TrialDriver own{algorithm, space};
        own.ask(12);
        TrialDriver told{algorithm, space};
        told.add_all(std::vector<space::Point>(10, space.point({{"x", 0.5}, {"y", 0.5}})));
        told.ask(2);
        EXPECT_EQ(told.points()[10], own.points()[10]) << algorithm;
        EXPECT_EQ(told.points()[11], own.points()[11]) << algorithm;
    }
}

TEST(Random, IsWhatTuneIs) {
    const Space space{{{"x", space::Uniform{0, 1}, {}}}};
    TrialDriver random{"random", space};
    TrialDriver tune{"tune", space};
    random.ask(5);
    tune.ask(5);
    EXPECT_EQ(random.points(), tune.points());
}

TEST(Random, DrawsDimensionsIndependently) {
    const Space space{{{"x", space::Uniform{-1, 1}, {}}, {"y", space::Uniform{-1, 1}, {}}}};
    TrialDriver driver{"random", space};
    constexpr int count = 5000;
    driver.ask(count);
    double product = 0;
    double previous = 0;
    double successive = 0;
    for (const space::Point& point : driver.points()) {
        const double x = std::get<double>(point[0]);
        product += x * std::get<double>(point[1]);
        successive += x * previous;
        previous = x;
    }
    // Products of two such numbers have mean 0 and standard deviation 1/3.
    EXPECT_NEAR(product / count, 0, 5.0 / 3 / std::sqrt(count));
    EXPECT_NEAR(successive / count, 0, 5.0 / 3 / std::sqrt(count));
}

TEST(Random, RepeatsNothingInALargeSkewedSpace) {
    // Nearly all draws are 0 although there are 10^8 values.
    const Space space{{{"x", space::QLogUniform{1e-300, 1e8, 10, 1}, {}}}};
    TrialDriver driver{"random", space};
    EXPECT_EQ(driver.ask(300), 300U);
    EXPECT_EQ(std::set<space::Point>(driver.points().begin(), driver.points().end()).size(), 300U);
}

TEST(Random, DoesNotCallALargeSpaceExhaustedWhereConditionsHideTheRest) {
    const Space space{
        {{"y", space::UniformInt{0, 1'000'000}, {{"x", {5}}}}, {"x", space::QLogUniform{1e-300, 1e8, 10, 1}, {}}}};
    TrialDriver driver{"random", space};
    EXPECT_EQ(driver.ask(50), 50U);
}

TEST(Random, LooksFarAhead) {
    const Space space{{{"x", space::Uniform{0, 1}, {}}}};
    EXPECT_GE(TrialDriver("random", space).optimizer().lookahead(), 1000U);
}

class KnownPointsTest : public testing::Test {
  protected:
    const Space space_{{{"n", space::UniformInt{1, 2}, {}}, {"a", Categorical{{"x", "y"}}, {}}}};
    KnownPoints known_{space_};
    const space::Point first_ = space_.point({{"n", 1}, {"a", "x"}});
};

TEST_F(KnownPointsTest, FindUnknownPointsUntilThereIsNone) {
    ASSERT_TRUE(known_.enumerable());
    for (int i = 0; i < 4; ++i) {
        const auto point = known_.first_unknown();
        ASSERT_TRUE(point.has_value());
        EXPECT_FALSE(known_.contains(*point));
        known_.add(*point);
    }
    EXPECT_FALSE(known_.first_unknown().has_value());
    known_.remove(first_);
    EXPECT_EQ(known_.first_unknown(), first_);
}

TEST_F(KnownPointsTest, ForgetAPointOnlyWhenEveryAddIsTakenBack) {
    known_.add(first_);
    known_.add(first_);
    known_.remove(first_);
    EXPECT_TRUE(known_.contains(first_));
    known_.remove(first_);
    EXPECT_FALSE(known_.contains(first_));
    known_.remove(first_);
    EXPECT_EQ(known_.first_unknown(), first_);
}

TEST_F(KnownPointsTest, RememberNothingInInfiniteSpaces) {
    const Space infinite{{{"x", space::Uniform{0, 1}, {}}}};
    KnownPoints known{infinite};
    const space::Point point{0.5};
    known.add(point);
    EXPECT_FALSE(known.contains(point));
    EXPECT_FALSE(known.enumerable());
}

}  // namespace
}  // namespace hpogrid::optimizers
