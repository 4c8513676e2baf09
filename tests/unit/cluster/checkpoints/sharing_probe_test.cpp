#include "engine/cluster/checkpoints/sharing_probe.hpp"

#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace hpogrid::cluster {
namespace {

namespace fs = std::filesystem;
using tests::TemporaryFolder;

TEST(SharingProbe, IsSeenWhereTheFolderIsSeen) {
    const TemporaryFolder folder;
    const fs::path checkpoints = folder.path() / "results.checkpoints";
    const SharingProbe probe{checkpoints};
    const CheckpointPlace place = checkpoint_place(checkpoints, probe.file(), 3);
    EXPECT_TRUE(place.shared);
    EXPECT_EQ(place.folder, checkpoints);
}

TEST(SharingProbe, IsMissedElsewhereSoThatEachRankHasAFolderOfItsOwn) {
    const TemporaryFolder folder;
    const CheckpointPlace third = checkpoint_place("/x/results.checkpoints", "/x/results.checkpoints.probe-12ab", 3);
    const CheckpointPlace fourth = checkpoint_place("/x/results.checkpoints", "/x/results.checkpoints.probe-12ab", 4);
    EXPECT_FALSE(third.shared);
    EXPECT_EQ(third.folder, fs::temp_directory_path() / "hpogrid-12ab-rank3");
    EXPECT_NE(third.folder, fourth.folder);
}

TEST(SharingProbe, DoesNotMatterWhereAFolderIsGiven) {
    const TemporaryFolder folder;
    const SharingProbe probe{folder.path() / "results.checkpoints"};
    ASSERT_EQ(::setenv("HPOGRID_CHECKPOINT_DIR", "/scratch", 1), 0);
    const CheckpointPlace place = checkpoint_place(folder.path() / "results.checkpoints", probe.file(), 1);
    ::unsetenv("HPOGRID_CHECKPOINT_DIR");
    EXPECT_FALSE(place.shared);
    EXPECT_EQ(place.folder.parent_path(), "/scratch");
}

TEST(SharingProbe, LeavesNothingEvenOfOneThatWasKilled) {
    const TemporaryFolder folder;
    folder.write("results.checkpoints.probe-0123456789abcdef", "");
    folder.write("results.h5", "");
    { const SharingProbe probe{folder.path() / "results.checkpoints"}; }
    EXPECT_EQ(std::distance(fs::directory_iterator{folder.path()}, fs::directory_iterator{}), 1);
}

}  // namespace
}  // namespace hpogrid::cluster
