#include "engine/cluster/checkpoints/copy_matcher.hpp"

#include <gtest/gtest.h>

namespace hpogrid::cluster {
namespace {

/// Workers 1 and 2 on one node, 3 on another, 4 by itself.
class CopyMatcherTest : public testing::Test {
  protected:
    CopyMatcherTest() {
        matcher.joined(WorkerId{1}, 1);
        matcher.joined(WorkerId{2}, 1);
        matcher.joined(WorkerId{3}, 3);
        matcher.joined(WorkerId{4}, 0);
        matcher.saved("000001_1_1", WorkerId{1});
        matcher.saved("000004_1_1", WorkerId{4});
    }

    CopyMatcher matcher;
};

TEST_F(CopyMatcherTest, MatchesWorkersOfANodeAndNumbersTheirCopies) {
    EXPECT_EQ(matcher.match("000001_1_1", WorkerId{2}), (CopyCheckpoint{"000001_1_1", 1, 1, 2}));
    EXPECT_EQ(matcher.match("000001_1_1", WorkerId{2}), (CopyCheckpoint{"000001_1_1", 2, 1, 2}));
}

TEST_F(CopyMatcherTest, LeavesToFilesWhatIsOnAnotherNodeOrOnTheSameWorkerOrOfUnknownOrigin) {
    EXPECT_EQ(matcher.match("000001_1_1", WorkerId{1}), std::nullopt);
    EXPECT_EQ(matcher.match("000001_1_1", WorkerId{3}), std::nullopt);
    EXPECT_EQ(matcher.match("000001_1_1", WorkerId{4}), std::nullopt);
    EXPECT_EQ(matcher.match("000004_1_1", WorkerId{1}), std::nullopt);
    EXPECT_EQ(matcher.match("000009_1_1", WorkerId{2}), std::nullopt);
}

TEST_F(CopyMatcherTest, ForgetsWhatWasRemoved) {
    matcher.removed("000001_1_1");
    EXPECT_EQ(matcher.match("000001_1_1", WorkerId{2}), std::nullopt);
}

TEST_F(CopyMatcherTest, AsksNothingOfOrForAWorkerThatHasLeft) {
    matcher.saved("000002_1_1", WorkerId{2});
    matcher.left(WorkerId{1});
    EXPECT_EQ(matcher.match("000001_1_1", WorkerId{2}), std::nullopt);
    EXPECT_EQ(matcher.match("000002_1_1", WorkerId{1}), std::nullopt);
    matcher.saved("000001_1_2", WorkerId{1});
    EXPECT_EQ(matcher.match("000001_1_2", WorkerId{2}), std::nullopt);
}

}  // namespace
}  // namespace hpogrid::cluster
