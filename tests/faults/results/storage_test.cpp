#include "engine/core/error.hpp"
#include "engine/results/journal.hpp"
#include "engine/results/metadata.hpp"
#include "engine/results/results_file.hpp"
#include "engine/results/writable.hpp"
#include "tests/faults/results/mounted_folder.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/results/recorded_study.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <string>

namespace hpogrid::results {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using tests::MountedFolder;

study::Event event_of_10_kb(std::uint32_t worker) {
    return study::WorkerLost{WorkerId{worker}, std::string(10'000, 'x'), 1.0};
}

std::size_t events_in(const fs::path& path) {
    return read_journal(path, [](const study::Event&) {}).events;
}

/// Commits until the disk refuses. Answers how many commits were acknowledged.
std::size_t commit_until_refused(Journal& journal, const char* reason) {
    for (std::uint32_t committed = 0; committed < 1000; ++committed) {
        journal.append(event_of_10_kb(committed));
        try {
            journal.commit();
        } catch (const OutputError& error) {
            EXPECT_THAT(error.what(), AllOf(HasSubstr(journal.path().string()), HasSubstr(reason)));
            return committed;
        }
    }
    ADD_FAILURE() << "the disk never refused";
    return 0;
}

std::size_t files_in(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder}, {}));
}

/// A study whose results file takes more than a megabyte.
Snapshot large_snapshot() {
    RecordedStudy run{one_real(), 5000};
    run.join(1);
    for (int i = 0; i < 5000; ++i) {
        run.evaluate({0.5}, 1.0);
    }
    return run.snapshot();
}

class SmallDisk : public ::testing::Test {
  protected:
    void SetUp() override {
        static const bool own_mounts = tests::enter_own_mounts();
        if (!own_mounts) {
            GTEST_SKIP() << "this user may not mount a small file system; FileSizeLimit covers what it can";
        }
    }
    tests::TemporaryFolder folder_;
    fs::path disk_{folder_.path()};
};

TEST_F(SmallDisk, WithoutAMegabyteIsRefusedBeforeAnyTrial) {
    const MountedFolder mount{disk_, "size=64k"};
    ASSERT_TRUE(mount.mounted());
    EXPECT_THAT([&] { check_writable(disk_); },
                ThrowsMessage<OutputError>(AllOf(HasSubstr("only 64 KiB are free"), HasSubstr("1024 KiB"))));
    EXPECT_THAT([&] { static_cast<void>(Journal::create(disk_ / "a.journal", "{}")); },
                ThrowsMessage<OutputError>(HasSubstr("only 64 KiB are free")));
    EXPECT_EQ(files_in(disk_), 0U);
}

TEST_F(SmallDisk, ThatFillsUpCostsNothingThatWasAcknowledged) {
    const MountedFolder mount{disk_, "size=2m"};
    ASSERT_TRUE(mount.mounted());
    const fs::path path = disk_ / "a.journal";
    Journal journal = Journal::create(path, "{}");
    const std::size_t acknowledged = commit_until_refused(journal, "No space left on device");
    EXPECT_GT(acknowledged, 100U);
    EXPECT_EQ(events_in(path), acknowledged);
    EXPECT_EQ(fs::file_size(path), journal.committed_bytes()) << "cut back to the last whole record";
}

TEST_F(SmallDisk, ThatIsClearedLetsTheJournalGoOnWithoutALoss) {
    const MountedFolder mount{disk_, "size=3m"};
    ASSERT_TRUE(mount.mounted());
    const fs::path path = disk_ / "a.journal";
    std::ofstream{disk_ / "ballast"} << std::string(std::size_t{1} << 20U, 'b');
    Journal journal = Journal::create(path, "{}");
    const std::size_t acknowledged = commit_until_refused(journal, "No space left on device");
    EXPECT_THROW(journal.commit(), OutputError);
    fs::remove(disk_ / "ballast");
    journal.commit();
    EXPECT_EQ(events_in(path), acknowledged + 1);
}

TEST_F(SmallDisk, KeepsTheOldResultsWhereNewOnesDoNotFit) {
    const MountedFolder mount{disk_, "size=1m"};
    ASSERT_TRUE(mount.mounted());
    RecordedStudy run{one_real()};
    write_results_file(disk_ / "results.h5", run.snapshot());
    write_metadata(disk_ / "userJobMetadata.json", run.snapshot());
    const Snapshot large = large_snapshot();
    EXPECT_THAT([&] { write_results_file(disk_ / "results.h5", large); },
                ThrowsMessage<OutputError>(AllOf(HasSubstr("results.h5"), HasSubstr("No space left on device"))));
    EXPECT_EQ(length(read_results_file(disk_ / "results.h5").trials.front().data), 0U);
    EXPECT_EQ(files_in(disk_), 2U) << "no remains";
}

TEST_F(SmallDisk, ThatIsReadOnlyIsRefusedBeforeAnyTrial) {
    const MountedFolder mount{disk_, "size=4m", MS_RDONLY};
    ASSERT_TRUE(mount.mounted());
    EXPECT_THAT([&] { check_writable(disk_); },
                ThrowsMessage<OutputError>(AllOf(HasSubstr(disk_.string()), HasSubstr("Read-only file system"))));
    EXPECT_THAT([&] { static_cast<void>(Journal::create(disk_ / "a.journal", "{}")); },
                ThrowsMessage<OutputError>(HasSubstr("Read-only file system")));
    RecordedStudy run{one_real()};
    EXPECT_THAT([&] { write_results_file(disk_ / "results.h5", run.snapshot()); },
                ThrowsMessage<OutputError>(HasSubstr("Read-only file system")));
}

TEST(Folder, ThatNobodyCanWriteIsRefusedEvenForRoot) {
    EXPECT_THAT([] { check_writable("/proc/self"); },
                ThrowsMessage<OutputError>(HasSubstr("/proc/self: results cannot be written into this folder")));
    EXPECT_THAT([] { check_writable("/no/such/folder"); }, ThrowsMessage<OutputError>(HasSubstr("is no folder")));
}

TEST(Folder, ThatCanBeWrittenIsLeftAsItWas) {
    const tests::TemporaryFolder folder;
    EXPECT_NO_THROW(check_writable(folder.path()));
    EXPECT_EQ(files_in(folder.path()), 0U);
}

/// Writes beyond the limit fail with EFBIG: a full disk for those who may not mount one.
class FileSizeLimit : public ::testing::Test {
  protected:
    void SetUp() override {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
    }
    void TearDown() override { ::setrlimit(RLIMIT_FSIZE, &before_); }
    void limit(rlim_t bytes) {
        const rlimit limits{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
        ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limits), 0);
    }

    tests::TemporaryFolder folder_;
    rlimit before_{};
};

TEST_F(FileSizeLimit, CostsNothingThatWasAcknowledged) {
    const fs::path path = folder_.path() / "a.journal";
    Journal journal = Journal::create(path, "{}");
    limit(105'000);
    const std::size_t acknowledged = commit_until_refused(journal, "File too large");
    EXPECT_EQ(acknowledged, 10U);
    EXPECT_EQ(events_in(path), acknowledged);
    EXPECT_EQ(fs::file_size(path), journal.committed_bytes()) << "cut back to the last whole record";
    limit(before_.rlim_cur);
    journal.commit();
    EXPECT_EQ(events_in(path), acknowledged + 1);
}

TEST_F(FileSizeLimit, KeepsTheOldResults) {
    RecordedStudy run{one_real()};
    const fs::path path = folder_.path() / "results.h5";
    write_results_file(path, run.snapshot());
    const Snapshot large = large_snapshot();
    limit(100'000);
    EXPECT_THAT([&] { write_results_file(path, large); },
                ThrowsMessage<OutputError>(AllOf(HasSubstr("results.h5"), HasSubstr("File too large"))));
    EXPECT_EQ(length(read_results_file(path).trials.front().data), 0U);
    EXPECT_EQ(files_in(folder_.path()), 1U) << "no remains";
}

}  // namespace
}  // namespace hpogrid::results
