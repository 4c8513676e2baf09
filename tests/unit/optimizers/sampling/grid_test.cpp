#include "engine/core/error.hpp"
#include "tests/unit/optimizers/trial_driver.hpp"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using nlohmann::json;
using space::Categorical;
using space::Space;

class Grid : public testing::Test {
  protected:
    /// How often each combination of the parameters a and b came up among these trials.
    [[nodiscard]] static std::map<std::string, int> cells(const Space& space, const std::vector<space::Point>& points) {
        std::map<std::string, int> seen;
        for (const space::Point& point : points) {
            const json configuration = space.configuration(point);
            ++seen[configuration.at("a").dump() + configuration.at("b").dump()];
        }
        return seen;
    }

    const Space marked_{{{"lr", space::Uniform{0, 1}, {}},
                         {"a", Categorical{{1, 2, 3}, true}, {}},
                         {"b", Categorical{{"x", "y"}, true}, {}},
                         {"c", Categorical{{0, 1}}, {}}}};
    const std::map<std::string, int> once_each_{{"1\"x\"", 1}, {"1\"y\"", 1}, {"2\"x\"", 1},
                                                {"2\"y\"", 1}, {"3\"x\"", 1}, {"3\"y\"", 1}};
};

TEST_F(Grid, VisitsEveryCellOnceInEachPass) {
    for (const char* algorithm : {"grid", "random", "tune", "sobol"}) {
        TrialDriver driver{algorithm, marked_};
        driver.ask(18);
        const auto& points = driver.points();
        for (std::size_t pass = 0; pass < 3; ++pass) {
            const auto first = points.begin() + static_cast<std::ptrdiff_t>(6 * pass);
            EXPECT_EQ(cells(marked_, {first, first + 6}), once_each_) << algorithm << ", pass " << pass;
        }
    }
}

TEST_F(Grid, DrawsEverythingElseAnewInEachCell) {
    TrialDriver driver{"grid", marked_};
    driver.ask(60);
    std::set<double> rates;
    int ones = 0;
    for (const space::Point& point : driver.points()) {
        const json configuration = marked_.configuration(point);
        rates.insert(configuration.at("lr").get<double>());
        ones += configuration.at("c").get<int>();
    }
    EXPECT_EQ(rates.size(), 60U);
    EXPECT_GT(ones, 10);
    EXPECT_LT(ones, 50);
}

TEST_F(Grid, HasTheSizeOfItsCells) {
    EXPECT_EQ(TrialDriver("grid", marked_).optimizer().natural_size(), 6U);
    EXPECT_EQ(TrialDriver("random", marked_).optimizer().natural_size(), std::nullopt);
    EXPECT_EQ(TrialDriver("sobol", marked_).optimizer().natural_size(), std::nullopt);
}

TEST_F(Grid, CrossesAllCategoriesWhenNoneIsMarked) {
    const Space space{
        {{"a", Categorical{{1, 2, 3}}, {}}, {"lr", space::Uniform{0, 1}, {}}, {"b", Categorical{{"x", "y"}}, {}}}};
    TrialDriver driver{"grid", space};
    EXPECT_EQ(driver.optimizer().natural_size(), 6U);
    driver.ask(6);
    EXPECT_EQ(cells(space, driver.points()), once_each_);
}

TEST_F(Grid, EndsAfterOnePassWhenNothingElseVaries) {
    const Space space{
        {{"a", Categorical{{1, 2, 3}}, {}}, {"b", Categorical{{"x", "y"}}, {}}, {"version", space::Fixed{7}, {}}}};
    TrialDriver driver{"grid", space};
    EXPECT_EQ(driver.ask(100), 6U);
    EXPECT_EQ(driver.ask(1), 0U);
    EXPECT_EQ(cells(space, driver.points()), once_each_);
}

TEST_F(Grid, CountsACellThatAUserTriedAsVisited) {
    TrialDriver driver{"grid", marked_};
    driver.add(marked_.point({{"a", 2}, {"b", "x"}, {"lr", 0.5}, {"c", 0}}));
    driver.ask(5);
    EXPECT_EQ(cells(marked_, driver.points()), once_each_);
}

TEST_F(Grid, VisitsTheCellOfAWithdrawnTrialAgain) {
    TrialDriver driver{"grid", marked_};
    driver.ask(4);
    driver.tell(Observation::Kind::withdrawn, 1);
    driver.ask(3);
    auto expected = once_each_;
    expected["1\"y\""] = 2;
    EXPECT_EQ(cells(marked_, driver.points()), expected);
}

TEST_F(Grid, RepeatsNoPointWhileAFiniteSpaceHasOthers) {
    const Space space{{{"a", Categorical{{1, 2}, true}, {}}, {"n", space::UniformInt{1, 3}, {}}}};
    for (const char* algorithm : {"grid", "random", "sobol"}) {
        TrialDriver driver{algorithm, space};
        EXPECT_EQ(driver.ask(20), 6U) << algorithm;
        const std::set<space::Point> different(driver.points().begin(), driver.points().end());
        EXPECT_EQ(different.size(), 6U) << algorithm;
    }
}

TEST_F(Grid, TellsItsOrigin) {
    TrialDriver driver{"grid", marked_};
    EXPECT_EQ(driver.optimizer().ask(1).front().origin, "grid");
}

TEST_F(Grid, IsRefusedWithNothingToCross) {
    const Space space{{{"lr", space::Uniform{0, 1}, {}}}};
    EXPECT_THROW((TrialDriver{"grid", space}), InputError);
}

}  // namespace
}  // namespace hpogrid::optimizers
