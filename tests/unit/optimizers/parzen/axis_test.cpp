#include "engine/optimizers/parzen/axis.hpp"

#include "engine/space/quantile.hpp"
#include "tests/unit/space/method_examples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using space::SamplingMethod;
using space::Value;

double cell_width(const Axis& axis, const Value& value) {
    const Interval cell = axis.cell(value);
    return cell.high - cell.low;
}

TEST(AxisTest, PlacesUniformMethodsBetweenZeroAndOne) {
    const SamplingMethod uniform = space::Uniform{-2, 6};
    EXPECT_DOUBLE_EQ(Axis{uniform}.coordinate(0.0), 0.25);
    EXPECT_EQ(Axis{uniform}.value(0.25), Value{0.0});
    const SamplingMethod logarithmic = space::LogUniform{1e-4, 1, 10};
    EXPECT_NEAR(Axis{logarithmic}.coordinate(1e-3), 0.25, 1e-15);
    EXPECT_NEAR(std::get<double>(Axis{logarithmic}.value(0.75)), 0.1, 1e-15);
}

TEST(AxisTest, PlacesNormalMethodsInStandardDeviations) {
    const SamplingMethod normal = space::Normal{10, 2};
    EXPECT_DOUBLE_EQ(Axis{normal}.coordinate(7.0), -1.5);
    EXPECT_NEAR(std::get<double>(Axis{normal}.value(-1.5)), 7.0, 1e-12);
    const SamplingMethod logarithmic = space::LogNormal{1, 2, 10};
    EXPECT_NEAR(Axis{logarithmic}.coordinate(1e5), 2.0, 1e-12);
    EXPECT_NEAR(std::get<double>(Axis{logarithmic}.value(2.0)), 1e5, 1e-6);
    EXPECT_EQ(Axis{normal}.middle(), 0.0);
    EXPECT_TRUE(std::isinf(Axis{normal}.range().high));
}

TEST(AxisTest, FollowsALogarithmWithABaseBelowOne) {
    const SamplingMethod falling = space::LogNormal{1, 2, 0.5};
    const Axis axis{falling};
    EXPECT_NEAR(axis.coordinate(0.5), 0.0, 1e-15);
    for (const double coordinate : {-2.0, -0.3, 0.0, 1.7}) {
        EXPECT_NEAR(axis.coordinate(axis.value(coordinate)), coordinate, 1e-12);
    }
}

using ExampleAndCells = std::tuple<space::MethodExample, Axis::EndCells>;
class EveryMethodOnAnAxis : public testing::TestWithParam<ExampleAndCells> {};

std::vector<space::MethodExample> all_examples() {
    std::vector<space::MethodExample> all;
    for (const auto& examples : {space::discrete_examples(), space::real_examples(), space::extreme_examples()}) {
        std::ranges::copy_if(examples, std::back_inserter(all), [](const space::MethodExample& example) {
            return !std::holds_alternative<space::Fixed>(example.method);
        });
    }
    return all;
}

INSTANTIATE_TEST_SUITE_P(Methods, EveryMethodOnAnAxis,
                         testing::Combine(testing::ValuesIn(all_examples()),
                                          testing::Values(Axis::EndCells::cut, Axis::EndCells::whole)));

TEST_P(EveryMethodOnAnAxis, GoesFromEachValueToItsCoordinateAndBack) {
    const auto& [example, end_cells] = GetParam();
    const SamplingMethod& method = example.method;
    const Axis axis{method, end_cells};
    for (int i = 0; i <= 40; ++i) {
        const Value value = space::quantile(method, i / 40.0);
        const double coordinate = axis.coordinate(value);
        ASSERT_TRUE(std::isfinite(coordinate));
        const Value again = axis.value(coordinate);
        ASSERT_TRUE(space::contains(method, again));
        if (space::cardinality(method)) {
            EXPECT_EQ(again, value);
        }
        if (axis.discrete()) {
            const Interval cell = axis.cell(value);
            EXPECT_LE(cell.low, cell.high);
            EXPECT_LE(cell.low, coordinate);
            EXPECT_GE(cell.high, coordinate);
        }
    }
}

TEST_P(EveryMethodOnAnAxis, HasAValueEverywhere) {
    const auto& [example, end_cells] = GetParam();
    const Axis axis{example.method, end_cells};
    if (axis.categorical()) {
        return;
    }
    for (const double coordinate : {-1e300, -40.0, -1.0, 0.0, 0.5, 1.0, 1.5, 40.0, 1e300}) {
        EXPECT_TRUE(space::contains(example.method, axis.value(coordinate))) << coordinate;
    }
}

TEST(AxisTest, GivesDiscreteValuesCellsThatFillTheRange) {
    for (const SamplingMethod& method :
         {SamplingMethod{space::UniformInt{-3, 12}}, SamplingMethod{space::QUniform{0, 1, 0.1}},
          SamplingMethod{space::QUniform{0.03, 0.98, 0.1}}, SamplingMethod{space::QLogUniform{1, 100, 10, 5}}}) {
        for (const auto end_cells : {Axis::EndCells::cut, Axis::EndCells::whole}) {
            const Axis axis{method, end_cells};
            double end = 0.0;
            for (std::uint64_t i = 0; i < *space::cardinality(method); ++i) {
                const Value value = space::nth_value(method, i);
                const Interval cell = axis.cell(value);
                EXPECT_NEAR(cell.low, end, 1e-12);
                end = cell.high;
                EXPECT_EQ(axis.value(cell.low + 0.25 * (cell.high - cell.low)), value);
                EXPECT_EQ(axis.value(cell.low + 0.75 * (cell.high - cell.low)), value);
            }
            EXPECT_NEAR(end, 1.0, 1e-12);
        }
    }
}

TEST(AxisTest, CutsTheCellsAtTheEndsUnlessTheyShallBeWhole) {
    const SamplingMethod method = space::QUniform{0, 4, 1};
    EXPECT_DOUBLE_EQ(cell_width(Axis{method}, 0.0), 0.125);
    EXPECT_DOUBLE_EQ(cell_width(Axis{method}, 1.0), 0.25);
    const Axis whole{method, Axis::EndCells::whole};
    EXPECT_DOUBLE_EQ(cell_width(whole, 0.0), 0.2);
    EXPECT_DOUBLE_EQ(cell_width(whole, 4.0), 0.2);
    EXPECT_DOUBLE_EQ(whole.coordinate(0.0), 0.1);
    EXPECT_EQ(whole.value(0.0), Value{0.0});
    EXPECT_EQ(whole.value(1.0), Value{4.0});
}

TEST(AxisTest, PlacesTheZeroOfAQuantisedLogarithm) {
    const SamplingMethod method = space::QLogNormal{0, 1, 10, 1};
    const Axis axis{method};
    const double coordinate = axis.coordinate(0.0);
    EXPECT_LT(coordinate, std::log10(0.5));
    EXPECT_EQ(axis.value(coordinate), Value{0.0});
    EXPECT_TRUE(std::isinf(axis.cell(0.0).low));
    EXPECT_NEAR(axis.cell(0.0).high, std::log10(0.5), 1e-15);
}

}  // namespace
}  // namespace hpogrid::optimizers
