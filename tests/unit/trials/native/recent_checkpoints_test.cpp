#include "engine/trials/native/recent_checkpoints.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace hpogrid::trials::test {
namespace {

std::shared_ptr<const NativeCheckpoint> of_size(std::size_t bytes) {
    NativeCheckpoint checkpoint;
    checkpoint.state.resize(bytes);
    return std::make_shared<const NativeCheckpoint>(std::move(checkpoint));
}

TEST(RecentCheckpoints, AreFoundByTheirNames) {
    RecentCheckpoints recent;
    const auto first = of_size(3);
    const auto second = of_size(3);
    recent.keep("000001_1_1", first);
    recent.keep("000002_1_1", second);
    EXPECT_EQ(recent.find("000001_1_1"), first);
    EXPECT_EQ(recent.find("000002_1_1"), second);
    EXPECT_EQ(recent.find("000003_1_1"), nullptr);
}

TEST(RecentCheckpoints, MakeRoomForNewerOnesWhenTheyAreTooMany) {
    RecentCheckpoints recent{{.count = 2, .bytes = 1000}};
    for (const char* name : {"a", "b", "c"}) {
        recent.keep(name, of_size(1));
    }
    EXPECT_EQ(recent.find("a"), nullptr);
    EXPECT_NE(recent.find("b"), nullptr);
    EXPECT_NE(recent.find("c"), nullptr);
}

TEST(RecentCheckpoints, MakeRoomForNewerOnesWhenTheyAreTooLarge) {
    RecentCheckpoints recent{{.count = 100, .bytes = 10}};
    recent.keep("a", of_size(3));
    recent.keep("b", of_size(4));
    recent.keep("c", of_size(6));
    EXPECT_EQ(recent.find("a"), nullptr);
    EXPECT_NE(recent.find("b"), nullptr);
    EXPECT_NE(recent.find("c"), nullptr);
    recent.keep("d", of_size(10));
    EXPECT_EQ(recent.find("c"), nullptr);
    EXPECT_NE(recent.find("d"), nullptr);
}

TEST(RecentCheckpoints, DoNotMakeRoomForOneThatNeverFits) {
    RecentCheckpoints recent{{.count = 100, .bytes = 10}};
    recent.keep("a", of_size(5));
    recent.keep("b", of_size(11));
    EXPECT_NE(recent.find("a"), nullptr);
    EXPECT_EQ(recent.find("b"), nullptr);
}

TEST(RecentCheckpoints, ReplaceOnesOfTheSameName) {
    RecentCheckpoints recent{{.count = 2, .bytes = 10}};
    recent.keep("a", of_size(4));
    const auto newer = of_size(6);
    recent.keep("a", newer);
    recent.keep("b", of_size(4));
    EXPECT_EQ(recent.find("a"), newer);
    EXPECT_NE(recent.find("b"), nullptr) << "the bytes of the replaced one do not count";
}

TEST(RecentCheckpoints, StayWithWhoHasThemWhenTheyAreForgotten) {
    RecentCheckpoints recent{{.count = 1, .bytes = 10}};
    recent.keep("a", of_size(4));
    const auto held = recent.find("a");
    recent.keep("b", of_size(4));
    EXPECT_EQ(held->state.size(), 4U);
}

}  // namespace
}  // namespace hpogrid::trials::test
