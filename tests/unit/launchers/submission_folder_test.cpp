#include "launchers/jobs/submission_folder.hpp"

#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace hpogrid::launchers {
namespace {

namespace fs = std::filesystem;

class SubmissionFolderTest : public testing::Test {
  protected:
    /// Makes a submission with a package, and answers where it was.
    fs::path submit(bool keep, bool drop = false) {
        SubmissionFolder folder{submissions_, "project"};
        fs::create_directories(folder.package());
        std::ofstream{folder.package() / "script"} << "text";
        EXPECT_TRUE(folder.path().is_absolute());
        if (keep) {
            folder.keep();
        }
        if (drop) {
            folder.drop();
        }
        return folder.path();
    }

    tests::TemporaryFolder base_;
    fs::path submissions_{base_.path() / "submissions"};
};

TEST_F(SubmissionFolderTest, LeavesNothingUnlessItIsKept) {
    EXPECT_FALSE(fs::exists(submit(false)));
    EXPECT_FALSE(fs::exists(submissions_));
    EXPECT_FALSE(fs::exists(submit(true, true)));
    EXPECT_FALSE(fs::exists(submissions_));
}

TEST_F(SubmissionFolderTest, StaysWithItsContentsWhenItIsKept) {
    EXPECT_TRUE(fs::exists(submit(true) / "package/script"));
}

TEST_F(SubmissionFolderTest, LeavesOtherSubmissionsAlone) {
    const fs::path other = submit(true);
    EXPECT_FALSE(fs::exists(submit(false)));
    EXPECT_TRUE(fs::exists(other / "package/script"));
}

}  // namespace
}  // namespace hpogrid::launchers
