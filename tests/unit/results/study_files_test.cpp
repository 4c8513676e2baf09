#include "engine/results/study_files.hpp"

#include "engine/core/error.hpp"
#include "engine/results/journal.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace hpogrid::results {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

const std::string hdf5_text = "\x89HDF\r\n\x1a\n and so on";

std::string content_of(const fs::path& file) {
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

class StudyFilesTest : public testing::Test {
  protected:
    /// What a study that began at `started` leaves.
    void leave_study(double started = 1000.0) {
        Journal::create(files_.journal, "{\"started\":" + std::to_string(started) + "}").commit();
        folder_.write("results.h5", hdf5_text);
        folder_.write("results.trials/000000/log.txt", "output");
        folder_.write("userJobMetadata.json", "{\"start_timestamp\":" + std::to_string(started) + "}");
    }
    bool check(ExistingFiles existing) { return check_files(files_, existing); }
    void overwrite() {
        static_cast<void>(check(ExistingFiles::overwrite));
        remove_study(files_);
    }

    tests::TemporaryFolder folder_;
    StudyFiles files_{study_files(folder_.path() / "results.h5")};
};

TEST_F(StudyFilesTest, LieBesideTheResults) {
    EXPECT_EQ(files_.journal, folder_.path() / "results.journal");
    EXPECT_EQ(files_.trials, folder_.path() / "results.trials");
    EXPECT_EQ(files_.metadata, folder_.path() / "userJobMetadata.json");
}

TEST_F(StudyFilesTest, RefuseNamesThatAreNoneForResults) {
    for (const char* name : {"", ".", "/", "folder/", "x.journal", "x.trials", "userJobMetadata.json"}) {
        EXPECT_THAT([&] { static_cast<void>(study_files(name)); },
                    ThrowsMessage<InputError>(HasSubstr("no name for a results file")))
            << name;
    }
    EXPECT_THROW(static_cast<void>(study_files(folder_.path())), InputError);
}

TEST_F(StudyFilesTest, AreFreeInAnEmptyFolder) {
    for (const auto existing : {ExistingFiles::refuse, ExistingFiles::resume, ExistingFiles::overwrite}) {
        EXPECT_FALSE(check(existing));
    }
    EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(StudyFilesTest, OfAnEarlierStudyAreNotTouchedUnasked) {
    leave_study();
    for (const fs::path& gone : {fs::path{}, files_.journal, files_.results}) {
        fs::remove(gone);
        EXPECT_THAT([&] { static_cast<void>(check(ExistingFiles::refuse)); },
                    ThrowsMessage<InputError>(AllOf(HasSubstr("--resume"), HasSubstr("--overwrite"))))
            << gone;
    }
}

TEST_F(StudyFilesTest, AreResumedFromTheJournal) {
    leave_study();
    EXPECT_TRUE(check(ExistingFiles::resume));
    fs::remove(files_.journal);
    EXPECT_THAT([&] { static_cast<void>(check(ExistingFiles::resume)); },
                ThrowsMessage<InputError>(HasSubstr("without its journal")));
}

TEST_F(StudyFilesTest, OfTheEarlierStudyGoWithOverwrite) {
    leave_study();
    overwrite();
    EXPECT_FALSE(check(ExistingFiles::refuse));
    EXPECT_FALSE(fs::exists(files_.metadata));
}

TEST_F(StudyFilesTest, OfAStudyThatRunsAreNeverOverwritten) {
    leave_study();
    const Journal running = Journal::resume(files_.journal, read_journal(files_.journal, [](const study::Event&) {}));
    EXPECT_THAT([&] { overwrite(); }, ThrowsMessage<OutputError>(HasSubstr("another process")));
    EXPECT_TRUE(fs::exists(files_.journal));
    EXPECT_TRUE(fs::exists(files_.results));
    EXPECT_TRUE(fs::exists(files_.trials / "000000/log.txt"));
}

TEST_F(StudyFilesTest, ThatNoStudyHasWrittenSurviveOverwrite) {
    const fs::path mine = folder_.write("results.trials/mine.txt", "mine");
    const fs::path results = folder_.write("results.h5", "a thesis");
    EXPECT_THAT([&] { overwrite(); }, ThrowsMessage<InputError>(HasSubstr("results.h5: is no results file")));
    EXPECT_EQ(content_of(results), "a thesis");
    fs::remove(results);
    const fs::path journal = folder_.write("results.journal", "dear diary");
    EXPECT_THAT([&] { overwrite(); }, ThrowsMessage<InputError>(HasSubstr("results.journal: is no journal")));
    EXPECT_EQ(content_of(journal), "dear diary");
    fs::remove(journal);
    overwrite();
    EXPECT_EQ(content_of(mine), "mine");
}

TEST_F(StudyFilesTest, OfTheWrongKindAreFoundBeforeATrialRuns) {
    for (const fs::path& path : {files_.journal, files_.metadata}) {
        fs::create_directory(path);
        EXPECT_THAT([&] { static_cast<void>(check(ExistingFiles::overwrite)); },
                    ThrowsMessage<OutputError>(HasSubstr("no regular file")));
        fs::remove(path);
    }
    folder_.write("results.trials", "");
    EXPECT_THAT([&] { static_cast<void>(check(ExistingFiles::refuse)); },
                ThrowsMessage<OutputError>(HasSubstr("no folder")));
}

TEST_F(StudyFilesTest, HaveNamesThatTheSystemTakes) {
    const StudyFiles files = study_files(folder_.path() / (std::string(300, 'x') + ".h5"));
    EXPECT_THAT([&] { static_cast<void>(check_files(files, ExistingFiles::refuse)); },
                ThrowsMessage<OutputError>(HasSubstr("too long")));
}

TEST_F(StudyFilesTest, LeaveTheMetadataOfOtherStudiesInTheFolder) {
    for (const char* content : {"{\"start_timestamp\":7.5}", "[1]", "no JSON"}) {
        folder_.write("userJobMetadata.json", content);
        keep_metadata_of_others(files_.metadata, 1000.5);
        EXPECT_FALSE(fs::exists(files_.metadata));
    }
    EXPECT_EQ(content_of(folder_.path() / "userJobMetadata.1.json"), "{\"start_timestamp\":7.5}");
    EXPECT_EQ(content_of(folder_.path() / "userJobMetadata.3.json"), "no JSON");
    folder_.write("userJobMetadata.json", "{\"start_timestamp\":1000.5}");
    keep_metadata_of_others(files_.metadata, 1000.5);
    EXPECT_TRUE(fs::exists(files_.metadata));
}

TEST_F(StudyFilesTest, OverwriteSparesTheMetadataOfAnotherStudy) {
    leave_study();
    folder_.write("userJobMetadata.json", "{\"start_timestamp\":7.5}");
    overwrite();
    EXPECT_TRUE(fs::exists(files_.metadata));
}

}  // namespace
}  // namespace hpogrid::results
