#include "engine/optimizers/features/feature_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::Pointwise;

const double half = std::sqrt(0.5);

class Features : public testing::Test {
  protected:
    const space::Space space_{{{"fixed", space::Fixed{1}, {}},
                               {"color", space::Categorical{{"r", "g", "b"}}, {}},
                               {"flag", space::Categorical{{false, true}}, {}},
                               {"single", space::Categorical{{"only"}}, {}},
                               {"rate", space::LogUniform{1e-4, 1.0, 10}, {{"flag", {true}}}},
                               {"layers", space::UniformInt{1, 4}, {}},
                               {"shade", space::Categorical{{1, 2, 3}}, {{"color", {"r"}}}}}};
    const FeatureMap map_{space_};

    [[nodiscard]] std::vector<double> features(const nlohmann::json& configuration) const {
        const space::Point point = space_.point(configuration);
        std::vector<double> unit(space_.dimensions());
        space_.encode(point, unit);
        std::vector<double> features(map_.feature_count());
        map_.write(point, unit, features);
        return features;
    }
    [[nodiscard]] double squared_distance(const nlohmann::json& a, const nlohmann::json& b, std::size_t from,
                                          std::size_t count) const {
        const auto x = features(a);
        const auto y = features(b);
        double sum = 0.0;
        for (std::size_t i = from; i < from + count; ++i) {
            sum += (x[i] - y[i]) * (x[i] - y[i]);
        }
        return sum;
    }
};

TEST_F(Features, AreThePlacesOfNumbersAndIndicatorsOfCategories) {
    EXPECT_THAT(features({{"fixed", 1},
                          {"color", "r"},
                          {"flag", true},
                          {"single", "only"},
                          {"rate", 0.01},
                          {"layers", 1},
                          {"shade", 2}}),
                Pointwise(DoubleNear(1e-12), {half, 0.0, 0.0, 1.0, 0.5, 0.125, 0.0, half, 0.0}));
}

TEST_F(Features, OfInactiveParametersLieHalfWay) {
    EXPECT_THAT(features({{"fixed", 1}, {"color", "b"}, {"flag", false}, {"single", "only"}, {"layers", 4}}),
                Pointwise(DoubleNear(1e-12), {0.0, 0.0, half, 0.0, 0.5, 0.875, 0.0, 0.0, 0.0}));
}

TEST_F(Features, OfDifferentCategoriesAreAtDistanceOne) {
    const nlohmann::json red{{"fixed", 1},       {"color", "r"}, {"flag", false},
                             {"single", "only"}, {"layers", 1},  {"shade", 1}};
    nlohmann::json other = red;
    other["shade"] = 3;
    EXPECT_NEAR(squared_distance(red, other, 6, 3), 1.0, 1e-12);
    nlohmann::json green = red;
    green["color"] = "g";
    green.erase("shade");
    EXPECT_NEAR(squared_distance(red, green, 0, 3), 1.0, 1e-12);
    EXPECT_NEAR(squared_distance(red, green, 6, 3), 0.5, 1e-12);
}

TEST_F(Features, ShareALengthScaleWithinACategory) {
    EXPECT_THAT(map_.groups(), ElementsAre(0, 0, 0, 1, 2, 3, 4, 4, 4));
    EXPECT_EQ(map_.group_count(), 5U);
    const FeatureMap one_hot{space_, FeatureMap::Categories::one_hot};
    EXPECT_THAT(one_hot.groups(), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8));
}

TEST_F(Features, OfAnyPlaceAreThoseOfItsPoint) {
    for (const double place : {0.0, 0.1, 0.34, 0.5, 0.77, 1.0}) {
        std::vector<double> unit(space_.dimensions(), place);
        const space::Point point = space_.decode(unit);
        std::vector<double> canonical(space_.dimensions());
        space_.encode(point, canonical);
        std::vector<double> expected(map_.feature_count());
        map_.write(point, canonical, expected);
        std::vector<double> settled(map_.feature_count());
        std::array<bool, 6> active{};
        ASSERT_EQ(space_.dimensions(), active.size());
        map_.settle(unit, settled, active);
        EXPECT_THAT(settled, Pointwise(DoubleNear(1e-12), expected)) << place;
        EXPECT_EQ(space_.decode(unit), point);
        EXPECT_EQ(active[3], !std::holds_alternative<space::Inactive>(point[4]));
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
