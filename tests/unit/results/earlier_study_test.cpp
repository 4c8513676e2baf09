#include "engine/results/earlier_study.hpp"

#include "engine/core/error.hpp"
#include "engine/results/journal.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace hpogrid::results {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::ThrowsMessage;

class EarlierStudyTest : public testing::Test {
  protected:
    void leave_study(double started) {
        const std::string when = std::to_string(started);
        Journal::create(files_.journal, "{\"started\":" + when + "}").commit();
        folder_.write("results.h5", "\x89HDF\r\n\x1a\n of " + when);
        folder_.write("results.trials/000000/log.txt", "output of " + when);
        folder_.write("results.checkpoints/000000_1_1/weights", "weights of " + when);
        folder_.write("userJobMetadata.json", "{\"start_timestamp\":" + when + "}");
    }
    /// Everything below the folder, by relative path.
    [[nodiscard]] std::map<std::string, std::string> content() const {
        std::map<std::string, std::string> files;
        for (const auto& entry : fs::recursive_directory_iterator{folder_.path()}) {
            if (entry.is_regular_file()) {
                std::ifstream stream{entry.path()};
                files[entry.path().lexically_relative(folder_.path())] = {std::istreambuf_iterator<char>{stream}, {}};
            }
        }
        return files;
    }

    tests::TemporaryFolder folder_;
    StudyFiles files_{study_files(folder_.path() / "results.h5")};
};

TEST_F(EarlierStudyTest, ComesBackAsItWas) {
    leave_study(1.0);
    folder_.write("results.trials/mine.txt", "mine");
    const auto before = content();
    EarlierStudy earlier{files_};
    earlier.set_aside();
    EXPECT_TRUE(paths_of_study(files_).empty());
    leave_study(2.0);

    earlier.put_back();
    EXPECT_EQ(content(), before);
    earlier.put_back();
    EXPECT_EQ(content(), before) << "there is nothing any more to be put back";
}

TEST_F(EarlierStudyTest, IsGoneOnceDiscarded) {
    leave_study(1.0);
    {
        EarlierStudy earlier{files_};
        earlier.set_aside();
        leave_study(2.0);
        earlier.discard();
        earlier.put_back();
    }
    EXPECT_EQ(content().size(), 5U);
    EXPECT_THAT(content().at("results.h5"), HasSubstr("2.0"));
    EXPECT_FALSE(fs::exists(files_.earlier));
}

TEST_F(EarlierStudyTest, IsNoneWhereThereIsNone) {
    EarlierStudy earlier{files_};
    earlier.set_aside();
    earlier.put_back();
    earlier.discard();
    EXPECT_TRUE(content().empty());
}

TEST_F(EarlierStudyTest, SurvivesSeveralAttemptsAtOverwritingIt) {
    leave_study(1.0);
    const auto before = content();
    EarlierStudy{files_}.set_aside();
    leave_study(2.0);
    // Killed before its first trial. Not to be taken for the one that is to be overwritten:
    EarlierStudy again{files_};
    again.set_aside();
    EXPECT_TRUE(paths_of_study(files_).empty());
    again.put_back();
    EXPECT_EQ(content(), before);
}

TEST_F(EarlierStudyTest, IsWholeAgainAfterAKillAmidItsMove) {
    leave_study(1.0);
    folder_.write("results.trials/000001/log.txt", "more");
    const auto before = content();
    fs::path moving = files_.earlier;
    moving += ".moving";
    for (const char* moved : {"results.trials/000000", "results.h5"}) {
        fs::create_directories((moving / moved).parent_path());
        fs::rename(folder_.path() / moved, moving / moved);
    }
    EarlierStudy{files_};
    EXPECT_EQ(content(), before);
}

TEST_F(EarlierStudyTest, IsLeftAloneWhileItRuns) {
    leave_study(1.0);
    const auto before = content();
    const Journal running = Journal::resume(files_.journal, read_journal(files_.journal, [](const study::Event&) {}));
    EarlierStudy earlier{files_};
    EXPECT_THAT([&] { earlier.set_aside(); }, ThrowsMessage<OutputError>(HasSubstr("another process")));
    EXPECT_EQ(content(), before);
}

TEST_F(EarlierStudyTest, KeepsStudiesFromStartingUnasked) {
    leave_study(1.0);
    EarlierStudy{files_}.set_aside();
    EXPECT_THAT([&] { static_cast<void>(check_files(files_, ExistingFiles::refuse)); },
                ThrowsMessage<InputError>(HasSubstr("to-be-overwritten")));
    EXPECT_FALSE(check_files(files_, ExistingFiles::resume)) << "a job that starts again starts the new one";
    EXPECT_FALSE(check_files(files_, ExistingFiles::overwrite));
}

}  // namespace
}  // namespace hpogrid::results
