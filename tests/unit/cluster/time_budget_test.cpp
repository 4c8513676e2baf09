#include "engine/cluster/time_budget.hpp"

#include <gtest/gtest.h>

namespace hpogrid::cluster {
namespace {

TEST(TimeBudget, LeavesHalfOfItsLastTenthAfterTheDeadline) {
    TimeBudget budget{200.0};
    budget.start(1000.0);
    EXPECT_EQ(budget.deadline(), 190.0);
    EXPECT_EQ(budget.warning(), 10.0);
    EXPECT_EQ(budget.kill_allowance(), 5.0);
    EXPECT_FALSE(budget.is_over(1189.0));
    EXPECT_TRUE(budget.is_over(1190.0));
}

TEST(TimeBudget, ReservesAMinuteAtMost) {
    EXPECT_EQ(TimeBudget{86400.0}.deadline(), 86370.0);
    EXPECT_EQ(TimeBudget{86400.0}.resolution(), 1.0);
}

TEST(TimeBudget, OfZeroIsWithoutEnd) {
    TimeBudget budget{0.0};
    budget.start(1000.0);
    EXPECT_FALSE(budget.is_limited());
    EXPECT_FALSE(budget.is_over(1e12));
}

TEST(Ticker, TicksOnceInAPeriod) {
    Ticker ticker{2.0};
    EXPECT_TRUE(ticker.ticks(10.0));
    EXPECT_FALSE(ticker.ticks(11.9));
    EXPECT_TRUE(ticker.ticks(12.0));
    EXPECT_FALSE(ticker.ticks(13.9));
}

}  // namespace
}  // namespace hpogrid::cluster
