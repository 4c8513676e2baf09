#include "engine/optimizers/parzen/axis_groups.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace hpogrid::optimizers {
namespace {

using Groups = std::vector<AxisGroups::Group>;
using Rule = AxisGroups::Rule;

TEST(AxisGroupsTest, KeepEveryAxisByItself) {
    AxisGroups groups{3, Rule::single};
    EXPECT_FALSE(groups.add({true, true, true}));
    EXPECT_EQ(groups.groups(), (Groups{{0}, {1}, {2}}));
}

TEST(AxisGroupsTest, IntersectWhatAllTrialsHad) {
    AxisGroups groups{4, Rule::intersection};
    EXPECT_EQ(groups.groups(), (Groups{{0}, {1}, {2}, {3}}));
    EXPECT_TRUE(groups.add({true, true, false, true}));
    EXPECT_EQ(groups.groups(), (Groups{{0, 1, 3}, {2}}));
    EXPECT_FALSE(groups.add({true, true, true, true}));
    EXPECT_TRUE(groups.add({true, false, true, true}));
    EXPECT_EQ(groups.groups(), (Groups{{0, 3}, {1}, {2}}));
    EXPECT_FALSE(groups.add({true, true, true, true})) << "what was absent once stays out";
}

TEST(AxisGroupsTest, AreDecomposedIntoWhatOccursTogether) {
    AxisGroups groups{5, Rule::decomposed};
    EXPECT_TRUE(groups.add({true, true, false, false, false}));
    EXPECT_EQ(groups.groups(), (Groups{{0, 1}, {2}, {3}, {4}}));
    EXPECT_TRUE(groups.add({true, false, true, true, false}));
    EXPECT_EQ(groups.groups(), (Groups{{0}, {1}, {2, 3}, {4}}));
    EXPECT_FALSE(groups.add({true, false, true, true, false}));
    EXPECT_FALSE(groups.add({true, true, false, false, false}));
    EXPECT_TRUE(groups.add({true, false, true, false, true}));
    EXPECT_EQ(groups.groups(), (Groups{{0}, {1}, {2}, {3}, {4}}));
}

TEST(AxisGroupsTest, KeepTogetherWhatCameTogetherLater) {
    AxisGroups groups{4, Rule::decomposed};
    EXPECT_TRUE(groups.add({true, false, false, false}) == false);
    EXPECT_TRUE(groups.add({true, false, true, true}));
    EXPECT_EQ(groups.groups(), (Groups{{0}, {1}, {2, 3}}));
}

}  // namespace
}  // namespace hpogrid::optimizers
