#include "engine/cluster/collectives/message_collectives.hpp"

#include "tests/unit/cluster/collectives/memory_transport.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>

namespace hpogrid::cluster {
namespace {

using kernels::Collectives;
using kernels::Transfer;

using Bytes = std::vector<std::byte>;

Bytes numbered(std::size_t size, unsigned first = 0) {
    Bytes bytes(size);
    std::ranges::generate(bytes, [&] { return static_cast<std::byte>(first++ * 7 % 251); });
    return bytes;
}

/// Ranks 1, 2, 3 of a world of four: rank 0 stays outside, as the controller does.
class MessageCollectivesTest : public testing::Test {
  protected:
    MessageCollectivesTest() {
        for (int rank = 1; rank <= 3; ++rank) {
            members.push_back(join({1, 2, 3}, rank));
        }
    }

    std::unique_ptr<MessageCollectives> join(std::vector<int> ranks, int rank) {
        const auto has_died = [this](int member) { return dead.contains(member); };
        return std::make_unique<MessageCollectives>(
            world.transport(rank), std::move(ranks), has_died,
            MessageCollectives::Options{.part = 100, .parts_ahead = 4, .patience = patience});
    }

    /// Gives every living member turns until none has anything under way; what became of each.
    std::vector<Transfer> run() {
        std::vector<Transfer> states(members.size(), Transfer::under_way);
        for (int turn = 0; turn < 10'000 && std::ranges::count(states, Transfer::under_way) > 0; ++turn) {
            for (std::size_t i = 0; i < members.size(); ++i) {
                states[i] = dead.contains(static_cast<int>(i)) ? Transfer::failed : members[i]->advance();
            }
        }
        return states;
    }

    double patience{1e9};
    MemoryWorld world{4};
    std::set<int> dead;
    std::vector<std::unique_ptr<MessageCollectives>> members;
};

TEST_F(MessageCollectivesTest, ABroadcastGivesEveryMemberTheBytesOfTheRoot) {
    Bytes given = numbered(12'345);
    std::vector<Bytes> taken(3, Bytes(given.size()));
    members[2]->broadcast(2, given);
    members[0]->broadcast(2, taken[0]);
    members[1]->broadcast(2, taken[1]);

    EXPECT_EQ(run(), std::vector(3, Transfer::done));
    EXPECT_EQ(taken[0], given);
    EXPECT_EQ(taken[1], given);
}

TEST_F(MessageCollectivesTest, MembersThatComeBeforeTheRootWaitForIt) {
    Bytes given = numbered(999);
    Bytes taken(given.size());
    members[1]->broadcast(0, taken);
    EXPECT_EQ(members[1]->advance(), Transfer::under_way);
    EXPECT_EQ(members[0]->advance(), Transfer::done);  // nothing was begun there

    Bytes other(given.size());
    members[2]->broadcast(0, other);
    members[0]->broadcast(0, given);
    EXPECT_EQ(run(), std::vector(3, Transfer::done));
    EXPECT_EQ(taken, given);
    EXPECT_EQ(other, given);
}

TEST_F(MessageCollectivesTest, OneBroadcastFollowsTheOtherAlsoWithoutBytes) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100}, std::size_t{101}}) {
        for (int root = 0; root < 3; ++root) {
            std::vector<Bytes> bytes(3, Bytes(size));
            const Bytes given = numbered(size, static_cast<unsigned>(root));
            bytes[static_cast<std::size_t>(root)] = given;
            for (std::size_t i = 0; i < 3; ++i) {
                members[i]->broadcast(root, bytes[i]);
            }
            EXPECT_EQ(run(), std::vector(3, Transfer::done)) << size;
            EXPECT_EQ(bytes, std::vector(3, given)) << size;
        }
    }
}

TEST_F(MessageCollectivesTest, AnExchangeMatchesSendsAndReceivesOfTwoMembersInTheirOrder) {
    const Bytes first = numbered(250, 1);
    const Bytes second = numbered(330, 2);
    const Bytes back = numbered(500, 3);
    Bytes first_taken(250);
    Bytes second_taken(330);
    Bytes back_taken(500);
    members[0]->exchange(std::array{Collectives::Send{1, first}, Collectives::Send{1, second}},
                         std::array{Collectives::Receive{1, back_taken}});
    members[1]->exchange(std::array{Collectives::Send{0, back}},
                         std::array{Collectives::Receive{0, first_taken}, Collectives::Receive{0, second_taken}});

    EXPECT_EQ(run(), std::vector(3, Transfer::done));
    EXPECT_EQ(first_taken, first);
    EXPECT_EQ(second_taken, second);
    EXPECT_EQ(back_taken, back);
}

TEST_F(MessageCollectivesTest, AMemberThatTakesNothingIsSentNoMoreThanItAskedFor) {
    Bytes given = numbered(100'000);
    Bytes taken(given.size());
    members[0]->broadcast(0, given);
    members[1]->broadcast(0, taken);
    for (int turn = 0; turn < 100; ++turn) {
        static_cast<void>(members[0]->advance());
    }
    EXPECT_GT(world.bytes_for(2), 4U * 100);
    EXPECT_LT(world.bytes_for(2), 4U * 200);
}

TEST_F(MessageCollectivesTest, OnlyTheDeadAreForgottenByTheTransport) {
    Bytes given = numbered(5'000);
    Bytes taken(given.size());
    members[0]->broadcast(0, given);
    members[2]->broadcast(0, taken);
    members[1]->abort();
    EXPECT_EQ(run()[0], Transfer::done);
    EXPECT_FALSE(world.has_forgotten(1, 2)) << "it has left, and takes what is under way to it";
    EXPECT_FALSE(world.has_forgotten(1, 3));

    members[0]->exchange(std::array{Collectives::Send{2, given}}, {});
    dead.insert(2);
    EXPECT_EQ(run()[0], Transfer::done);
    EXPECT_TRUE(world.has_forgotten(1, 3));
}

TEST_F(MessageCollectivesTest, WhatComesAfterAMemberHasLeftIsTakenFromTheTransport) {
    Bytes given = numbered(5'000);
    Bytes taken(given.size());
    members[0]->exchange(std::array{Collectives::Send{1, given}}, {});
    members[1]->exchange({}, std::array{Collectives::Receive{0, taken}});
    static_cast<void>(members[0]->advance());
    ASSERT_GT(world.bytes_for(2), 0U);
    members[1]->abort();
    EXPECT_EQ(members[1]->advance(), Transfer::failed);
    EXPECT_EQ(world.bytes_for(2), 0U);
}

TEST_F(MessageCollectivesTest, ADeadMemberHoldsUpNeitherTheRootNorTheOthers) {
    Bytes given = numbered(5'000);
    std::vector<Bytes> taken(3, Bytes(given.size()));
    members[0]->broadcast(0, given);
    members[1]->broadcast(0, taken[1]);
    members[2]->broadcast(0, taken[2]);
    for (int turn = 0; turn < 3; ++turn) {
        for (const auto& member : members) {
            EXPECT_EQ(member->advance(), Transfer::under_way);
        }
    }
    dead.insert(1);

    EXPECT_EQ(run(), (std::vector{Transfer::done, Transfer::failed, Transfer::done}));
    EXPECT_EQ(taken[2], given);
}

TEST_F(MessageCollectivesTest, WhoNeedsBytesOfADeadMemberFailsAndSoDoesAllThatItBeginsThen) {
    Bytes taken(5'000);
    members[1]->broadcast(0, taken);
    dead.insert(0);
    EXPECT_EQ(members[1]->advance(), Transfer::failed);

    Bytes own = numbered(10);
    members[1]->broadcast(1, own);
    EXPECT_EQ(members[1]->advance(), Transfer::failed);
}

TEST_F(MessageCollectivesTest, AMemberThatGivesUpIsAsGoodAsDead) {
    std::vector<Bytes> bytes(3, Bytes(5'000));
    for (std::size_t i = 0; i < 3; ++i) {
        members[i]->broadcast(0, bytes[i]);
    }
    members[0]->abort();
    EXPECT_EQ(run(), std::vector(3, Transfer::failed));
}

TEST_F(MessageCollectivesTest, ASilentMemberIsGivenUpWhenPatienceEnds) {
    patience = 0.01;
    const auto impatient = join({1, 2}, 1);
    Bytes given = numbered(10);
    impatient->broadcast(0, given);
    EXPECT_EQ(impatient->advance(), Transfer::under_way);
    std::this_thread::sleep_for(std::chrono::milliseconds{30});
    EXPECT_EQ(impatient->advance(), Transfer::done);
}

TEST_F(MessageCollectivesTest, LengthsThatDifferFail) {
    Bytes given = numbered(10);
    std::vector<Bytes> taken(3, Bytes(11));
    members[0]->broadcast(0, given);
    members[1]->broadcast(0, taken[1]);
    members[2]->broadcast(0, taken[2]);
    EXPECT_EQ(run(), std::vector(3, Transfer::failed));
}

TEST_F(MessageCollectivesTest, AGroupWithoutThisRankIsRefused) {
    EXPECT_THROW(join({1, 2}, 3), std::invalid_argument);
}

}  // namespace
}  // namespace hpogrid::cluster
