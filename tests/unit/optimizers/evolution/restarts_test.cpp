#include "engine/optimizers/evolution/restarts.hpp"

#include <gtest/gtest.h>

namespace hpogrid::optimizers {
namespace {

TEST(Restarts, DoubleThePopulationEachTimeWithIpop) {
    Restarts restarts{Restarts::Strategy::ipop, 10, 0.3, 2};
    RandomStream random{1, 0, RandomPurpose::restart};
    for (const std::size_t population : {20, 40, 80}) {
        const Restarts::Run run = restarts.next(1000, random);
        EXPECT_EQ(run.population, population);
        EXPECT_EQ(run.sigma, 0.3);
    }
}

TEST(Restarts, SpendAsMuchOnSmallRunsAsOnLargeOnesWithBipop) {
    Restarts restarts{Restarts::Strategy::bipop, 10, 0.3, 2};
    RandomStream random{1, 0, RandomPurpose::restart};
    EXPECT_EQ(restarts.next(1000, random).population, 20U);
    std::size_t small = 0;
    for (int i = 0; i < 50; ++i) {
        const Restarts::Run run = restarts.next(1000, random);
        EXPECT_LE(run.sigma, 0.3);
        EXPECT_GE(run.sigma, 0.3e-2);
        EXPECT_GE(run.population, 2U);
        small += run.sigma < 0.3 ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(small), 25.0, 2.0);
}

}  // namespace
}  // namespace hpogrid::optimizers
