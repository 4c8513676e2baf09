#include "engine/cluster/liveness.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace hpogrid::cluster {
namespace {

constexpr WorkerId first{1};
constexpr WorkerId second{2};

TEST(Liveness, GivesASilentWorkerUpOnce) {
    Liveness liveness{10.0};
    liveness.joined(first, 0.0, std::nullopt);
    liveness.joined(second, 0.0, std::nullopt);
    EXPECT_FALSE(liveness.heard_from(second, 9.0));

    EXPECT_TRUE(liveness.deaths(10.0).empty());
    const auto deaths = liveness.deaths(11.0);
    ASSERT_EQ(deaths.size(), 1U);
    EXPECT_EQ(deaths[0].worker, first);
    EXPECT_EQ(deaths[0].reason, "rank 1 has been silent for 10 s");
    EXPECT_TRUE(liveness.deaths(12.0).empty());
    EXPECT_FALSE(liveness.knows(first));
    EXPECT_TRUE(liveness.knows(second));
}

TEST(Liveness, NoticesTheDeathOfALocalProcessAtOnce) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::pause();
        ::_exit(0);
    }
    Liveness liveness{1000.0};
    liveness.joined(first, 0.0, child);
    EXPECT_TRUE(liveness.deaths(1.0).empty());

    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const auto deaths = liveness.deaths(1.0);
    ASSERT_EQ(deaths.size(), 1U);
    EXPECT_EQ(deaths[0].reason, "the process of rank 1 ended");
    EXPECT_TRUE(deaths[0].certain);
    EXPECT_FALSE(deaths[0].given_up);
}

TEST(Liveness, HearsOnceOfAWorkerThatWasGivenUp) {
    Liveness liveness{10.0};
    liveness.joined(first, 0.0, std::nullopt);
    ASSERT_EQ(liveness.deaths(11.0).size(), 1U);
    EXPECT_EQ(liveness.absent(), 1U);
    EXPECT_TRUE(liveness.any_absent_since(10.0));
    EXPECT_FALSE(liveness.any_absent_since(11.0));

    EXPECT_TRUE(liveness.heard_from(first, 12.0));
    EXPECT_FALSE(liveness.heard_from(first, 13.0));
    EXPECT_FALSE(liveness.knows(first)) << "until it joins";

    liveness.joined(first, 20.0, std::nullopt);
    EXPECT_EQ(liveness.absent(), 0U);
    EXPECT_TRUE(liveness.deaths(29.0).empty());
    EXPECT_EQ(liveness.deaths(31.0).size(), 1U) << "and may fall silent again";
    EXPECT_TRUE(liveness.heard_from(first, 32.0));
}

TEST(Liveness, NoticesTheDeathOfAProcessThatWasGivenUp) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::pause();
        ::_exit(0);
    }
    Liveness liveness{10.0};
    liveness.joined(first, 0.0, child);
    ASSERT_EQ(liveness.deaths(11.0).size(), 1U);

    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const auto deaths = liveness.deaths(12.0);
    ASSERT_EQ(deaths.size(), 1U);
    EXPECT_TRUE(deaths[0].certain);
    EXPECT_TRUE(deaths[0].given_up);
    EXPECT_EQ(liveness.absent(), 0U);
}

TEST(Liveness, ForgetsAWorkerThatLeft) {
    Liveness liveness{10.0};
    liveness.joined(first, 0.0, std::nullopt);
    liveness.left(first);
    EXPECT_TRUE(liveness.deaths(100.0).empty());
    EXPECT_EQ(liveness.size(), 0U);
}

}  // namespace
}  // namespace hpogrid::cluster
