#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "kernels/api/backend.hpp"
#include "kernels/api/collectives.hpp"

namespace hpogrid::kernels {
namespace {

using Bytes = std::vector<std::byte>;

/// A group of one GPU: as much of NCCL as one process can show.
class NcclTest : public testing::Test {
  protected:
    static NcclMember alone() {
        return {.device = 0, .rank = 0, .size = 1, .id = make_nccl_id(), .has_died = [](int) { return false; }};
    }
    static Bytes numbered(std::size_t size) {
        Bytes bytes(size);
        unsigned next = 0;
        std::ranges::generate(bytes, [&] { return static_cast<std::byte>(next++ % 251); });
        return bytes;
    }
    void SetUp() override {
        if (!nccl_built()) {
            GTEST_SKIP() << "built without NCCL";
        }
    }
};

TEST_F(NcclTest, AGroupComesTogether) {
    const auto group = make_nccl_collectives(alone());
    EXPECT_EQ(wait(*group), Transfer::done);
    EXPECT_EQ(group->rank(), 0);
    EXPECT_EQ(group->size(), 1);
}

TEST_F(NcclTest, ABroadcastLeavesTheRootsBytesAsTheyAre) {
    const auto group = make_nccl_collectives(alone());
    ASSERT_EQ(wait(*group), Transfer::done);
    Bytes bytes = numbered(1'000'003);
    group->broadcast(0, bytes);
    EXPECT_EQ(wait(*group), Transfer::done);
    EXPECT_EQ(bytes, numbered(1'000'003));
}

TEST_F(NcclTest, AnExchangeCarriesBytes) {
    const auto group = make_nccl_collectives(alone());
    ASSERT_EQ(wait(*group), Transfer::done);
    const Bytes sent = numbered(12'345);
    Bytes received(sent.size());
    group->exchange(std::array{Collectives::Send{0, sent}}, std::array{Collectives::Receive{0, received}});
    EXPECT_EQ(wait(*group), Transfer::done);
    EXPECT_EQ(received, sent);
}

TEST_F(NcclTest, AGroupThatIsNeverCompleteFailsWhenPatienceEnds) {
    NcclMember member = alone();
    member.size = 2;
    member.patience = 1.0;
    const auto group = make_nccl_collectives(member);
    EXPECT_EQ(wait(*group), Transfer::failed);
}

TEST_F(NcclTest, AGroupWithADeadMemberFailsAtOnce) {
    NcclMember member = alone();
    member.size = 2;
    member.has_died = [](int other) { return other == 1; };
    const auto group = make_nccl_collectives(member);
    EXPECT_EQ(wait(*group), Transfer::failed);
}

TEST_F(NcclTest, AfterAnAbortEverythingFails) {
    const auto group = make_nccl_collectives(alone());
    ASSERT_EQ(wait(*group), Transfer::done);
    group->abort();
    Bytes bytes(10);
    group->broadcast(0, bytes);
    EXPECT_EQ(wait(*group), Transfer::failed);
}

}  // namespace
}  // namespace hpogrid::kernels
