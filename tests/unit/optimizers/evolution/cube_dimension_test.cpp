#include "engine/optimizers/evolution/cube_dimension.hpp"

#include "engine/space/quantile.hpp"

#include <gtest/gtest.h>

namespace hpogrid::optimizers {
namespace {

using Kind = CubeDimension::Kind;

TEST(CubeDimension, TellsWhatSortOfParameterADimensionIs) {
    const space::Space space{{{"a", space::Categorical{{1, 2, 3}}, {}},
                              {"b", space::Fixed{1}, {}},
                              {"c", space::Uniform{0, 1}, {}},
                              {"d", space::QLogUniform{1, 100, 10, 1}, {}},
                              {"e", space::LogNormal{0, 1, 10}, {}},
                              {"f", space::UniformInt{1, 3}, {}}}};
    const auto dimensions = cube_dimensions(space);
    ASSERT_EQ(dimensions.size(), 5U);
    EXPECT_EQ(dimensions[0].kind, Kind::category);
    EXPECT_EQ(dimensions[0].categories, 3U);
    EXPECT_EQ(dimensions[1].kind, Kind::real);
    EXPECT_EQ(dimensions[2].kind, Kind::ordered);
    EXPECT_EQ(dimensions[3].kind, Kind::real);
    EXPECT_EQ(dimensions[4].kind, Kind::ordered);
}

TEST(CubeDimension, FindsTheCellOfAPlace) {
    const space::Space space{{{"a", space::UniformInt{1, 4}, {}}, {"b", space::QUniform{0, 1, 0.5}, {}}}};
    const auto dimensions = cube_dimensions(space);
    EXPECT_NEAR(dimensions[0].cell(0.3).low, 0.25, 1e-12);
    EXPECT_NEAR(dimensions[0].cell(0.3).high, 0.5, 1e-12);
    EXPECT_EQ(dimensions[0].cell(0.0).low, 0.0);
    EXPECT_EQ(dimensions[0].cell(1.0).high, 1.0);
    EXPECT_NEAR(dimensions[1].cell(0.1).high, 0.25, 1e-12) << "the ends are half as wide";
    EXPECT_NEAR(dimensions[1].cell(0.5).high, 0.75, 1e-12);
}

TEST(CubeDimension, FindsCellsOfUnboundedMethods) {
    const space::SamplingMethod method = space::QNormal{0, 10, 2};
    const CubeDimension dimension{Kind::ordered, 0, &method};
    for (double unit = 0.0; unit <= 1.0; unit += 1.0 / 64) {
        const Cell cell = dimension.cell(unit);
        EXPECT_LE(cell.low, unit);
        EXPECT_GE(cell.high, unit);
        EXPECT_EQ(space::quantile(method, cell.low), space::quantile(method, unit));
        EXPECT_EQ(space::quantile(method, cell.high), space::quantile(method, unit));
    }
}

TEST(CubeDimension, FindsCategoriesAgain) {
    for (std::size_t category = 0; category < 7; ++category) {
        EXPECT_EQ(category_at(unit_of_category(category, 7), 7), category);
    }
    EXPECT_EQ(category_at(1.0, 7), 6U);
}

}  // namespace
}  // namespace hpogrid::optimizers
