#include "engine/results/journal.hpp"

#include "engine/results/journal_lock.hpp"

#include "engine/core/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

namespace hpogrid::results {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using tests::TemporaryFolder;

const std::string header = R"({"seed": 7})";

study::Event lost(std::uint32_t worker, std::string reason = "died") {
    return study::WorkerLost{WorkerId{worker}, std::move(reason), 1.5};
}

std::vector<std::uint32_t> workers_in(const fs::path& path, JournalContents* contents = nullptr) {
    std::vector<std::uint32_t> workers;
    const JournalContents found = read_journal(
        path, [&](const study::Event& event) { workers.push_back(std::get<study::WorkerLost>(event).worker.value); });
    if (contents != nullptr) {
        *contents = found;
    }
    return workers;
}

void append_bytes(const fs::path& path, const std::string& bytes) {
    std::ofstream{path, std::ios::binary | std::ios::app} << bytes;
}

class JournalTest : public ::testing::Test {
  protected:
    TemporaryFolder folder_;
    fs::path path_{folder_.path() / "results.journal"};
};

TEST_F(JournalTest, GivesBackWhatWasCommitted) {
    {
        Journal journal = Journal::create(path_, header);
        journal.append(lost(1));
        journal.append(lost(2));
        journal.commit();
        journal.append(lost(3, ""));
        journal.commit();
        EXPECT_EQ(journal.committed_bytes(), fs::file_size(path_));
    }
    JournalContents contents;
    EXPECT_EQ(workers_in(path_, &contents), (std::vector<std::uint32_t>{1, 2, 3}));
    EXPECT_EQ(contents.header, header);
    EXPECT_EQ(contents.events, 3U);
    EXPECT_EQ(contents.valid_bytes, fs::file_size(path_));
    EXPECT_EQ(contents.dropped_bytes, 0U);
}

TEST_F(JournalTest, HoldsNothingThatWasNotCommitted) {
    Journal journal = Journal::create(path_, header);
    journal.append(lost(1));
    EXPECT_TRUE(workers_in(path_).empty());
    journal.commit();
    EXPECT_EQ(workers_in(path_).size(), 1U);
    journal.commit();
    EXPECT_EQ(fs::file_size(path_), journal.committed_bytes()) << "an empty commit writes nothing";
}

TEST_F(JournalTest, LeavesOnlyItsOwnFile) {
    const Journal journal = Journal::create(path_, header);
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator{folder_.path()}) {
        files.push_back(entry.path());
    }
    EXPECT_EQ(files, std::vector{path_});
}

TEST_F(JournalTest, NeverOverwritesAnything) {
    append_bytes(path_, "precious");
    EXPECT_THAT([&] { static_cast<void>(Journal::create(path_, header)); },
                ThrowsMessage<OutputError>(AllOf(HasSubstr("results.journal"), HasSubstr("exists already"))));
    EXPECT_EQ(fs::file_size(path_), 8U);
}

TEST_F(JournalTest, GoesOnAfterAResume) {
    Journal::create(path_, header).commit();
    for (std::uint32_t worker = 1; worker <= 3; ++worker) {
        Journal journal = Journal::resume(path_, read_journal(path_, [](const study::Event&) {}));
        journal.append(lost(worker));
        journal.commit();
    }
    EXPECT_EQ(workers_in(path_), (std::vector<std::uint32_t>{1, 2, 3}));
}

TEST_F(JournalTest, DropsATornTailAndGoesOnInItsPlace) {
    {
        Journal journal = Journal::create(path_, header);
        journal.append(lost(1));
        journal.commit();
    }
    const auto whole = fs::file_size(path_);
    append_bytes(path_, std::string(100, '\0'));
    JournalContents contents;
    EXPECT_EQ(workers_in(path_, &contents).size(), 1U);
    EXPECT_EQ(contents.valid_bytes, whole);
    EXPECT_EQ(contents.dropped_bytes, 100U);
    {
        Journal journal = Journal::resume(path_, contents);
        EXPECT_EQ(fs::file_size(path_), whole);
        journal.append(lost(2));
        journal.commit();
    }
    EXPECT_EQ(workers_in(path_, &contents), (std::vector<std::uint32_t>{1, 2}));
    EXPECT_EQ(contents.dropped_bytes, 0U);
}

TEST_F(JournalTest, SplitsAHugeCommitIntoRecordsAndLosesNothing) {
    constexpr std::uint32_t count = 40;
    {
        Journal journal = Journal::create(path_, header);
        for (std::uint32_t worker = 0; worker < count; ++worker) {
            journal.append(lost(worker, std::string(std::size_t{1} << 20U, 'x')));
        }
        journal.commit();
    }
    EXPECT_EQ(workers_in(path_).size(), count);
}

TEST_F(JournalTest, RefusesASecondWriterAndNamesTheFirst) {
    Journal journal = Journal::create(path_, header);
    EXPECT_THAT([&] { static_cast<void>(Journal::resume(path_, read_journal(path_, [](const study::Event&) {}))); },
                ThrowsMessage<OutputError>(AllOf(HasSubstr("another process"), HasSubstr("is writing this journal"))));
    EXPECT_THROW(JournalLock{path_}, OutputError);
}

TEST_F(JournalTest, IsFreeAgainWhenItsWriterHasDied) {
    const pid_t child = ::fork();
    if (child == 0) {
        Journal journal = Journal::create(path_, header);
        journal.append(lost(9));
        journal.commit();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    JournalContents contents;
    EXPECT_EQ(workers_in(path_, &contents).size(), 1U);
    EXPECT_NO_THROW(static_cast<void>(Journal::resume(path_, contents)));
}

TEST_F(JournalTest, RefusesToResumeWhatChangedSinceItWasRead) {
    Journal::create(path_, header).commit();
    const JournalContents before = read_journal(path_, [](const study::Event&) {});
    {
        Journal other = Journal::resume(path_, before);
        other.append(lost(1));
        other.commit();
    }
    EXPECT_THAT([&] { static_cast<void>(Journal::resume(path_, before)); },
                ThrowsMessage<OutputError>(HasSubstr("while it was being read")));
}

TEST_F(JournalTest, HasNoWriterWhileItIsLocked) {
    Journal::create(path_, header).commit();
    const JournalContents contents = read_journal(path_, [](const study::Event&) {});
    const JournalLock lock{path_};
    EXPECT_THROW(static_cast<void>(Journal::resume(path_, contents)), OutputError);
    EXPECT_NO_THROW(JournalLock{path_.string() + ".that.is.not.there"});
}

TEST_F(JournalTest, RefusesFilesThatAreNoJournals) {
    const auto read = [&] { static_cast<void>(read_journal(path_, [](const study::Event&) {})); };
    EXPECT_THAT(read, ThrowsMessage<OutputError>(HasSubstr("cannot be opened: No such file")));
    append_bytes(path_, "");
    EXPECT_THAT(read, ThrowsMessage<OutputError>(HasSubstr("is no journal of hpogrid")));
    append_bytes(path_, R"({"project_name": "digits"})");
    EXPECT_THAT(read, ThrowsMessage<OutputError>(HasSubstr("is no journal of hpogrid")));
}

TEST_F(JournalTest, RefusesOtherVersionsOfTheFormat) {
    Journal::create(path_, header).commit();
    std::fstream file{path_, std::ios::binary | std::ios::in | std::ios::out};
    file.seekp(8);
    file.put(static_cast<char>(9));
    file.close();
    EXPECT_THAT([&] { static_cast<void>(read_journal(path_, [](const study::Event&) {})); },
                ThrowsMessage<OutputError>(HasSubstr("format 9.1")));
}

TEST_F(JournalTest, PassesOnWhatItsReaderThrows) {
    {
        Journal journal = Journal::create(path_, header);
        journal.append(lost(1));
        journal.commit();
    }
    EXPECT_THROW(
        static_cast<void>(read_journal(path_, [](const study::Event&) { throw std::domain_error{"no such trial"}; })),
        std::domain_error);
}

}  // namespace
}  // namespace hpogrid::results
