#include "engine/cluster/checkpoints/checkpoint_copies.hpp"

#include "engine/cluster/collectives/message_collectives.hpp"
#include "tests/unit/cluster/collectives/memory_transport.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hpogrid::cluster {
namespace {

using trials::NativeCheckpoint;
using trials::RecentCheckpoints;
using trials::TrialOrder;

constexpr const char* name = "000007_1_3";

NativeCheckpoint checkpoint_of(std::uint32_t trial, std::size_t size = 5'000) {
    NativeCheckpoint checkpoint;
    checkpoint.trial = TrialId{trial};
    checkpoint.iteration = 3;
    checkpoint.time_total = 0.1;
    checkpoint.best_objective = -0.25;
    for (std::size_t i = 0; i < size; ++i) {
        checkpoint.state.push_back(static_cast<std::byte>((i * 7 + trial) % 251));
    }
    return checkpoint;
}

TrialOrder order_from(const std::string& checkpoint, std::uint32_t trial = 1) {
    TrialOrder order;
    order.trial = TrialId{trial};
    order.checkpoint = "/elsewhere/" + checkpoint;
    return order;
}

/// Workers 1, 2, 3 of one node in one thread.
class CheckpointCopiesTest : public testing::Test {
  protected:
    struct Member {
        RecentCheckpoints recent;
        std::unique_ptr<MessageCollectives> group;
        std::unique_ptr<CheckpointCopies> copies;
        std::vector<TrialOrder> released;
    };

    CheckpointCopiesTest() { start({}); }

    void start(CheckpointCopies::Options options) {
        for (Member& member : members) {
            member.copies.reset();
            member.group.reset();
        }
        world.emplace(4);
        const std::vector<int> ranks{1, 2, 3};
        for (const int rank : ranks) {
            Member& member = members[static_cast<std::size_t>(rank - 1)];
            member.group = std::make_unique<MessageCollectives>(
                world->transport(rank), ranks, [this](int index) { return dead.contains(index); },
                MessageCollectives::Options{.part = 100, .parts_ahead = 4});
            member.copies = std::make_unique<CheckpointCopies>(*member.group, ranks, member.recent, options);
        }
    }
    Member& worker(std::uint32_t rank) { return members.at(rank - 1); }
    void keep(std::uint32_t rank, const std::string& saved, NativeCheckpoint checkpoint) {
        worker(rank).recent.keep(saved, std::make_shared<const NativeCheckpoint>(std::move(checkpoint)));
    }
    /// As the controller does it: to the giver, and to the taker along with an order.
    void copy(const std::string& saved, std::uint64_t number, std::uint32_t from, std::uint32_t to) {
        worker(from).copies->take(CopyCheckpoint{saved, number, from, to});
        worker(to).copies->take(CopyCheckpoint{saved, number, from, to});
        worker(to).copies->take(order_from(saved));
    }
    /// A turn of each living worker; answers whether something is under way.
    bool turn() {
        bool under_way = false;
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (!dead.contains(static_cast<int>(i)) && !asleep.contains(static_cast<int>(i))) {
                under_way |= members[i].copies->advance();
                std::ranges::move(members[i].copies->release(), std::back_inserter(members[i].released));
            }
        }
        return under_way;
    }
    void run(int most_turns = 100'000) {
        for (int i = 0; i < most_turns && turn(); ++i) {
        }
    }
    /// The state that a worker's only order has been given, null if none.
    std::shared_ptr<const NativeCheckpoint> state_of_the_order(std::uint32_t rank) {
        EXPECT_EQ(worker(rank).released.size(), 1U) << "the order has not followed";
        return worker(rank).released.empty() ? nullptr : worker(rank).released[0].state;
    }

    std::optional<MemoryWorld> world;
    std::set<int> dead;
    std::set<int> asleep;
    std::array<Member, 3> members;
};

TEST_F(CheckpointCopiesTest, GiveTheOrderWhatTheOtherWorkerHasInMemory) {
    keep(1, name, checkpoint_of(7));
    copy(name, 1, 1, 2);
    EXPECT_TRUE(worker(2).copies->release().empty()) << "it waits for its copy";
    run();
    const auto state = state_of_the_order(2);
    ASSERT_NE(state, nullptr);
    EXPECT_EQ(state->trial, TrialId{7});
    EXPECT_EQ(state->iteration, 3);
    EXPECT_EQ(state->time_total, 0.1);
    EXPECT_EQ(state->best_objective, -0.25);
    EXPECT_EQ(state->state, checkpoint_of(7).state);
    EXPECT_EQ(worker(2).recent.find(name), state) << "another trial may go on from it, too";
    EXPECT_EQ(worker(2).copies->taken(), 1U);
    EXPECT_EQ(worker(1).copies->taken(), 0U);
}

TEST_F(CheckpointCopiesTest, KeepWhatIsUnknownUnknown) {
    NativeCheckpoint checkpoint = checkpoint_of(7, 0);
    checkpoint.best_objective.reset();
    keep(1, name, checkpoint);
    copy(name, 1, 1, 2);
    run();
    const auto state = state_of_the_order(2);
    ASSERT_NE(state, nullptr);
    EXPECT_EQ(state->best_objective, std::nullopt);
    EXPECT_TRUE(state->state.empty());
}

TEST_F(CheckpointCopiesTest, LetOrdersPassThatNoCopyIsFor) {
    keep(2, "000002_1_1", checkpoint_of(2));
    worker(2).copies->take(TrialOrder{});
    worker(2).copies->take(order_from("000002_1_1"));
    worker(2).copies->take(order_from("000003_1_1"));
    const auto released = worker(2).copies->release();
    ASSERT_EQ(released.size(), 3U);
    EXPECT_EQ(released[0].state, nullptr);
    EXPECT_EQ(released[1].state, worker(2).recent.find("000002_1_1"));
    EXPECT_EQ(released[2].state, nullptr);
}

TEST_F(CheckpointCopiesTest, LeaveToTheFileWhatIsInMemoryNoMore) {
    copy(name, 1, 1, 2);
    keep(1, "000001_1_1", checkpoint_of(1));
    copy("000001_1_1", 2, 1, 2);
    run();
    ASSERT_EQ(worker(2).released.size(), 2U);
    EXPECT_EQ(worker(2).released[0].state, nullptr);
    ASSERT_NE(worker(2).released[1].state, nullptr) << "the next copy comes about";
    EXPECT_EQ(worker(2).released[1].state->state, checkpoint_of(1).state);
    EXPECT_FALSE(worker(2).copies->has_failed());
}

TEST_F(CheckpointCopiesTest, DoNotWaitForEachOtherInACircle) {
    for (std::uint32_t rank = 1; rank <= 3; ++rank) {
        keep(rank, "00000" + std::to_string(rank) + "_1_1", checkpoint_of(rank));
    }
    for (std::uint64_t round = 0; round < 4; ++round) {
        copy("000001_1_1", 3 * round + 1, 1, 2);
        copy("000002_1_1", 3 * round + 2, 2, 3);
        copy("000003_1_1", 3 * round + 3, 3, 1);
    }
    run();
    for (std::uint32_t rank = 1; rank <= 3; ++rank) {
        ASSERT_EQ(worker(rank).released.size(), 4U);
        for (const TrialOrder& order : worker(rank).released) {
            ASSERT_NE(order.state, nullptr);
            EXPECT_EQ(order.state->state, checkpoint_of(rank == 1 ? 3 : rank - 1).state);
        }
    }
}

TEST_F(CheckpointCopiesTest, LeaveToTheFileWhatADeadWorkerHad) {
    keep(1, name, checkpoint_of(7));
    copy(name, 1, 1, 2);
    dead.insert(0);
    run();
    EXPECT_EQ(state_of_the_order(2), nullptr);
    EXPECT_TRUE(worker(2).copies->has_failed());
}

TEST_F(CheckpointCopiesTest, GiveNoPartOfAStateWhoseGiverDiesMeanwhile) {
    keep(1, name, checkpoint_of(7, 100'000));
    copy(name, 1, 1, 2);
    run(100);
    ASSERT_TRUE(worker(2).released.empty()) << "the test wants it to be under way";
    dead.insert(0);
    run();
    EXPECT_EQ(state_of_the_order(2), nullptr);
    EXPECT_EQ(worker(2).recent.find(name), nullptr);
}

TEST_F(CheckpointCopiesTest, AreOverForAWorkerThatHasLostOne) {
    dead.insert(0);
    copy(name, 1, 1, 2);
    run();
    keep(3, "000003_1_1", checkpoint_of(3));
    copy("000003_1_1", 2, 3, 2);
    run();
    ASSERT_EQ(worker(2).released.size(), 2U);
    EXPECT_EQ(worker(2).released[1].state, nullptr);
    EXPECT_FALSE(worker(3).copies->has_failed()) << "who only gives goes on";
}

TEST_F(CheckpointCopiesTest, HoldUpNoGiverWhoseTakerIsDead) {
    keep(1, name, checkpoint_of(7));
    keep(1, "000001_1_1", checkpoint_of(1));
    copy(name, 1, 1, 2);
    copy("000001_1_1", 2, 1, 3);
    dead.insert(1);
    run();
    const auto state = state_of_the_order(3);
    ASSERT_NE(state, nullptr);
    EXPECT_EQ(state->state, checkpoint_of(1).state);
}

TEST_F(CheckpointCopiesTest, LeaveToTheFileWhatDoesNotComeInTime) {
    start({.patience = 0.05});
    keep(1, name, checkpoint_of(7, 100'000));
    copy(name, 1, 1, 2);
    run(100);
    asleep.insert(0);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (turn() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    EXPECT_EQ(state_of_the_order(2), nullptr);
    asleep.clear();
    run();
    turn();
    EXPECT_EQ(worker(2).released.size(), 1U);
    EXPECT_EQ(worker(2).recent.find(name), nullptr);
    EXPECT_EQ(world->bytes_for(2), 0U) << "what comes too late is taken from the transport";
}

TEST_F(CheckpointCopiesTest, GiveNothingOfAnotherCopy) {
    keep(1, name, checkpoint_of(7));
    worker(1).copies->take(CopyCheckpoint{name, 1, 1, 2});
    worker(2).copies->take(CopyCheckpoint{"000008_1_1", 2, 1, 2});
    worker(2).copies->take(order_from("000008_1_1"));
    run();
    EXPECT_EQ(state_of_the_order(2), nullptr);
    EXPECT_EQ(worker(2).recent.find("000008_1_1"), nullptr);
    EXPECT_TRUE(worker(2).copies->has_failed());
}

TEST_F(CheckpointCopiesTest, GiveAnOrderBackThatIsStoppedAndGoOn) {
    keep(1, name, checkpoint_of(7));
    copy(name, 1, 1, 2);
    turn();
    EXPECT_EQ(worker(2).copies->withdraw(TrialId{1}, 2), std::nullopt) << "another attempt";
    const auto order = worker(2).copies->withdraw(TrialId{1}, 1);
    ASSERT_TRUE(order.has_value());
    EXPECT_EQ(order->state, nullptr);
    run();
    EXPECT_TRUE(worker(2).released.empty());
    EXPECT_NE(worker(2).recent.find(name), nullptr);
}

TEST_F(CheckpointCopiesTest, HoldUpNobodyWhoLeaves) {
    start({.farewell = 0.05});
    keep(1, name, checkpoint_of(7));
    copy(name, 1, 1, 2);
    worker(2).copies->finish();
    EXPECT_FALSE(worker(2).copies->advance()) << "what has not begun is not begun any more";
    worker(1).copies->advance();
    worker(1).copies->finish();
    EXPECT_TRUE(worker(1).copies->advance()) << "its taker never came";
}

TEST_F(CheckpointCopiesTest, IgnoreCommandsThatMakeNoSense) {
    worker(2).copies->take(CopyCheckpoint{name, 1, 1, 3});
    worker(2).copies->take(CopyCheckpoint{name, 2, 2, 2});
    worker(2).copies->take(CopyCheckpoint{name, 3, 9, 2});
    worker(2).copies->take(order_from(name));
    EXPECT_EQ(worker(2).copies->release().size(), 1U);
}

}  // namespace
}  // namespace hpogrid::cluster
