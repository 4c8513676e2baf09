#include "engine/results/file.hpp"
#include "engine/results/journal.hpp"
#include "engine/results/metadata.hpp"
#include "engine/results/results_file.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/results/recorded_study.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <random>
#include <thread>

namespace hpogrid::results {
namespace {

namespace fs = std::filesystem;
using std::chrono::microseconds;

/// Runs `work` in a child and kills it after this time, whatever it does then.
void run_and_kill(const std::function<void()>& work, microseconds after) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        work();
        ::_exit(0);
    }
    std::this_thread::sleep_for(after);
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended before it was killed";
}

Snapshot snapshot_of(std::size_t trials) {
    RecordedStudy run{one_real(), trials};
    run.join(1);
    for (std::size_t i = 0; i < trials; ++i) {
        run.evaluate({0.5}, 1.0);
    }
    return run.snapshot();
}

TEST(SuddenDeath, LeavesAWholeResultsFileAtItsPath) {
    const tests::TemporaryFolder folder;
    const fs::path path = folder.path() / "results.h5";
    const fs::path metadata = folder.path() / "userJobMetadata.json";
    const std::array<Snapshot, 3> snapshots{snapshot_of(0), snapshot_of(20), snapshot_of(600)};
    write_results_file(path, snapshots[0]);
    write_metadata(metadata, snapshots[0]);
    std::mt19937 random{20260701};
    std::uniform_int_distribution<int> moment{0, 40'000};
    for (int round = 0; round < 50; ++round) {
        run_and_kill(
            [&] {
                for (std::size_t turn = 0;; ++turn) {
                    write_results_file(path, snapshots[turn % snapshots.size()]);
                    write_metadata(metadata, snapshots[turn % snapshots.size()]);
                }
            },
            microseconds{moment(random)});
        const std::size_t trials = length(read_results_file(path).trials.front().data);
        EXPECT_TRUE(trials == 0 || trials == 20 || trials == 600) << trials;
        std::ifstream file{metadata};
        const std::size_t results = nlohmann::json::parse(file)["result"].size();
        EXPECT_TRUE(results == 0 || results == 20 || results == 600) << results;
    }
    EXPECT_GT(std::distance(fs::directory_iterator{folder.path()}, {}), 2) << "some died in the middle of a write";
    remove_unfinished(path);
    remove_unfinished(metadata);
    EXPECT_EQ(std::distance(fs::directory_iterator{folder.path()}, {}), 2);
}

TEST(SuddenDeath, LosesNothingThatTheJournalAcknowledged) {
    const tests::TemporaryFolder folder;
    const fs::path path = folder.path() / "a.journal";
    Journal::create(path, "{}").commit();
    std::mt19937 random{7};
    std::uniform_int_distribution<int> moment{0, 15'000};
    std::uint32_t expected = 0;
    for (int round = 0; round < 50; ++round) {
        std::array<int, 2> acknowledgements{};
        ASSERT_EQ(::pipe(acknowledgements.data()), 0);
        run_and_kill(
            [&] {
                Journal journal = Journal::resume(path, read_journal(path, [](const study::Event&) {}));
                for (std::uint32_t next = expected;; ++next) {
                    journal.append(study::WorkerLost{WorkerId{next}, "died", 1.0});
                    journal.commit();
                    if (::write(acknowledgements[1], &next, sizeof next) != sizeof next) {
                        ::_exit(1);
                    }
                }
            },
            microseconds{moment(random)});
        ::close(acknowledgements[1]);
        std::uint32_t acknowledged = expected;
        std::uint32_t last = 0;
        while (::read(acknowledgements[0], &last, sizeof last) == sizeof last) {
            acknowledged = last + 1;
        }
        ::close(acknowledgements[0]);
        std::uint32_t found = 0;
        static_cast<void>(read_journal(path, [&](const study::Event& event) {
            EXPECT_EQ(std::get<study::WorkerLost>(event).worker.value, found) << "in order, none twice";
            ++found;
        }));
        EXPECT_GE(found, acknowledged) << "round " << round;
        expected = found;
    }
    EXPECT_GT(expected, 0U) << "some rounds got as far as a commit";
}

TEST(SuddenDeath, OfACreatorLeavesAWholeJournalOrNone) {
    const tests::TemporaryFolder folder;
    std::mt19937 random{11};
    std::uniform_int_distribution<int> moment{0, 6000};
    int created = 0;
    for (int round = 0; round < 40; ++round) {
        const fs::path path = folder.path() / ("a" + std::to_string(round) + ".journal");
        run_and_kill(
            [&] {
                const Journal journal = Journal::create(path, std::string(5000, ' '));
                ::pause();
            },
            microseconds{moment(random)});
        if (fs::exists(path)) {
            ++created;
            EXPECT_NO_THROW(static_cast<void>(read_journal(path, [](const study::Event&) {})));
        }
    }
    EXPECT_GT(created, 0);
}

}  // namespace
}  // namespace hpogrid::results
