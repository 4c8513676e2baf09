#include "engine/cluster/awake_clock.hpp"

#include <gtest/gtest.h>

namespace hpogrid::cluster {
namespace {

TEST(AwakeClock, RunsLikeAnyOtherWhileTheLoopTurns) {
    AwakeClock clock{5.0};
    EXPECT_EQ(clock.tick(100.0), 100.0);
    EXPECT_EQ(clock.tick(101.0), 101.0);
    EXPECT_EQ(clock.tick(106.0), 106.0);
}

TEST(AwakeClock, StandsStillWhileItDoesNot) {
    AwakeClock clock{5.0};
    static_cast<void>(clock.tick(100.0));
    EXPECT_EQ(clock.tick(3700.0), 100.0);
    EXPECT_EQ(clock.tick(3701.0), 101.0);
    EXPECT_EQ(clock.tick(3711.0), 101.0);
}

}  // namespace
}  // namespace hpogrid::cluster
