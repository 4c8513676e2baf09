#include "engine/optimizers/parzen/neighbour_bandwidth.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace hpogrid::optimizers {
namespace {

std::vector<double> gaps(const std::vector<double>& centres, Neighbours neighbours,
                         const space::SamplingMethod& method = space::Uniform{0, 1}) {
    const Axis axis{method};
    std::vector<SortedCentres::Entry> sorted;
    for (const double centre : centres) {
        sorted.push_back({centre, 0});
    }
    std::vector<double> all;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        all.push_back(neighbour_gap(sorted, i, neighbours, axis));
    }
    return all;
}

testing::Matcher<std::vector<double>> are(const std::vector<double>& expected) {
    return testing::Pointwise(testing::DoubleNear(1e-15), expected);
}

TEST(NeighbourGap, CountsThePriorAmongTheCentresForHyperopt) {
    // In order: 0.1 0.2 [0.5] 0.6 0.9, and the outermost look inside only.
    EXPECT_THAT(gaps({0.1, 0.2, 0.6, 0.9}, Neighbours::with_prior), are({0.1, 0.3, 0.3, 0.3}));
    // The prior is the outermost: 0.1 0.3 [0.5].
    EXPECT_THAT(gaps({0.1, 0.3}, Neighbours::with_prior), are({0.2, 0.2}));
    EXPECT_THAT(gaps({0.6, 0.9}, Neighbours::with_prior), are({0.3, 0.3}));
    // It stands before its equals: [0.5] 0.5 0.8.
    EXPECT_THAT(gaps({0.5, 0.8}, Neighbours::with_prior), are({0.3, 0.3}));
}

TEST(NeighbourGap, GivesALoneCentreHalfThePriorForHyperopt) {
    EXPECT_THAT(gaps({0.45}, Neighbours::with_prior), are({0.5}));
}

TEST(NeighbourGap, LooksAtCentresOnlyForOptuna) {
    EXPECT_THAT(gaps({0.1, 0.2, 0.6, 0.9}, Neighbours::centres), are({0.1, 0.4, 0.4, 0.3}));
    EXPECT_THAT(gaps({0.25}, Neighbours::centres), are({0.75}));
}

TEST(NeighbourGap, LooksAtTheEndsIfAsked) {
    EXPECT_THAT(gaps({0.3, 0.4, 0.6}, Neighbours::with_ends), are({0.3, 0.2, 0.4}));
}

TEST(NeighbourGap, IsInfiniteWhereTheAxisHasNoEnd) {
    EXPECT_TRUE(std::isinf(gaps({0.3}, Neighbours::centres, space::Normal{0, 1}).front()));
    EXPECT_TRUE(std::isinf(gaps({0.3, 0.4}, Neighbours::with_ends, space::Normal{0, 1}).back()));
}

TEST(NeighbourGap, IsNoneAmongEquals) {
    EXPECT_THAT(gaps({0.3, 0.3, 0.3, 0.4}, Neighbours::centres), are({0.0, 0.0, 0.1, 0.1}));
}

TEST(NarrowestBandwidth, ShrinksToAHundredth) {
    EXPECT_DOUBLE_EQ(narrowest_bandwidth(0), 1.0 / 2);
    EXPECT_DOUBLE_EQ(narrowest_bandwidth(8), 1.0 / 10);
    EXPECT_DOUBLE_EQ(narrowest_bandwidth(98), 1.0 / 100);
    EXPECT_DOUBLE_EQ(narrowest_bandwidth(100'000), 1.0 / 100);
}

}  // namespace
}  // namespace hpogrid::optimizers
