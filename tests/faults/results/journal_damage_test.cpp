#include "engine/core/bytes.hpp"
#include "engine/core/error.hpp"
#include "engine/results/journal.hpp"
#include "engine/study/event_codec.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace hpogrid::results {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

/// Events in their encoding, which can be compared.
using Events = std::vector<std::vector<std::byte>>;

std::vector<std::byte> encoded(const study::Event& event) {
    ByteWriter writer;
    study::encode(event, writer);
    return writer.take();
}

std::string content_of(const fs::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

bool is_prefix(const Events& part, const Events& whole) {
    return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

/// A small journal of three commits with five events, and damaged copies of it.
class JournalDamage : public ::testing::Test {
  protected:
    JournalDamage() {
        const std::vector<std::vector<study::Event>> commits{
            {study::WorkerJoined{WorkerId{1}, 2, "node1", "H100", 1.0},
             study::Suggested{{space::Value{0.5}, space::Category{1}, std::int64_t{7}}, "random"}},
            {study::TrialStarted{TrialId{0}, 1, WorkerId{1}, SlotId{0}, 2.0},
             study::TrialReported{TrialId{0}, 1, {1.0, 3.0, {{"loss", 0.25}}}}},
            {study::TrialEnded{TrialId{0}, 1, study::Outcome::completed, "", "trial.log", 4.0}}};
        const fs::path path = folder_.path() / "whole.journal";
        Journal journal = Journal::create(path, R"({"seed": 7})");
        ends_.push_back(journal.committed_bytes());
        for (const auto& commit : commits) {
            for (const study::Event& event : commit) {
                journal.append(event);
                events_.push_back(encoded(event));
            }
            journal.commit();
            ends_.push_back(journal.committed_bytes());
        }
        whole_ = content_of(path);
    }

    /// What a reader finds in these bytes, or nothing where it refuses them.
    std::optional<Events> read(const std::string& bytes, JournalContents* contents = nullptr) {
        const fs::path path = folder_.write("damaged.journal", bytes);
        Events found;
        try {
            const JournalContents read =
                read_journal(path, [&](const study::Event& event) { found.push_back(encoded(event)); });
            if (contents != nullptr) {
                *contents = read;
            }
        } catch (const OutputError&) {
            return std::nullopt;
        }
        return found;
    }

    tests::TemporaryFolder folder_;
    std::string whole_;
    Events events_;
    std::vector<std::uint64_t> ends_;  ///< of the header and of each commit
};

TEST_F(JournalDamage, ATornTailAtEveryByteCostsOnlyTheUnfinishedCommit) {
    for (std::size_t size = ends_[0]; size <= whole_.size(); ++size) {
        JournalContents contents;
        const auto found = read(whole_.substr(0, size), &contents);
        ASSERT_TRUE(found) << "cut to " << size << " bytes";
        const std::size_t expected = size >= ends_[3] ? 5 : size >= ends_[2] ? 4 : size >= ends_[1] ? 2 : 0;
        EXPECT_EQ(found->size(), expected) << "cut to " << size << " bytes";
        EXPECT_TRUE(is_prefix(*found, events_));
        EXPECT_EQ(contents.valid_bytes + contents.dropped_bytes, size);
    }
}

TEST_F(JournalDamage, AJournalTornAtAnyByteGoesOn) {
    const study::Event next = study::WorkerLost{WorkerId{1}, "died", 5.0};
    for (std::size_t size = ends_[2]; size < whole_.size(); ++size) {
        const fs::path path = folder_.write("torn.journal", whole_.substr(0, size));
        {
            Journal journal = Journal::resume(path, read_journal(path, [](const study::Event&) {}));
            journal.append(next);
            journal.commit();
        }
        const auto found = read(content_of(path));
        ASSERT_TRUE(found);
        ASSERT_EQ(found->size(), 5U) << "torn at " << size;
        EXPECT_EQ(found->back(), encoded(next));
    }
}

TEST_F(JournalDamage, ATornHeaderIsRefused) {
    for (std::size_t size = 0; size < ends_[0]; ++size) {
        EXPECT_FALSE(read(whole_.substr(0, size))) << "cut to " << size << " bytes";
    }
}

TEST_F(JournalDamage, AFlippedBitNeverGivesAWrongEvent) {
    for (std::size_t byte = 0; byte < whole_.size(); ++byte) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string bytes = whole_;
            bytes[byte] = static_cast<char>(static_cast<unsigned char>(bytes[byte]) ^ (1U << bit));
            JournalContents contents;
            const auto found = read(bytes, &contents);
            if (byte < ends_[2]) {
                EXPECT_FALSE(found) << "whole records follow byte " << byte << ", bit " << bit;
            } else {
                // Damage of the last commit looks like a commit that was never finished, and is told.
                ASSERT_TRUE(found) << byte;
                EXPECT_EQ(found->size(), 4U) << "byte " << byte << ", bit " << bit;
                EXPECT_TRUE(is_prefix(*found, events_));
                EXPECT_GT(contents.dropped_bytes, 0U);
            }
        }
    }
}

TEST_F(JournalDamage, DamageBeforeTheTailNamesItsPlace) {
    std::string bytes = whole_;
    bytes[ends_[1] + 14] = static_cast<char>(bytes[ends_[1] + 14] ^ 0x55);
    const fs::path path = folder_.write("damaged.journal", bytes);
    EXPECT_THAT([&] { static_cast<void>(read_journal(path, [](const study::Event&) {})); },
                ThrowsMessage<OutputError>(HasSubstr("damaged at byte " + std::to_string(ends_[1]))));
}

TEST_F(JournalDamage, ALostPageInTheLastCommitIsATornTail) {
    for (std::size_t begin = ends_[2]; begin < whole_.size(); ++begin) {
        std::string bytes = whole_;
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(begin), bytes.end(), '\0');
        const auto found = read(bytes);
        ASSERT_TRUE(found) << begin;
        EXPECT_TRUE(is_prefix(*found, events_));
        EXPECT_GE(found->size(), 4U);
    }
}

TEST_F(JournalDamage, RecordsThatWereMovedOrCopiedAreNoRecords) {
    const std::string last = whole_.substr(ends_[2]);
    const auto doubled = read(whole_ + last);
    ASSERT_TRUE(doubled);
    EXPECT_EQ(*doubled, events_);
    const std::string middle_cut_out = whole_.substr(0, ends_[1]) + last;
    const auto found = read(middle_cut_out);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->size(), 2U);
}

TEST_F(JournalDamage, BytesWithinAnErrorTextAreNotTakenForRecords) {
    // A script's traceback that holds a whole journal, torn in the commit that holds it.
    const fs::path path = folder_.path() / "hostile.journal";
    {
        Journal journal = Journal::create(path, "{}");
        journal.append(study::TrialEnded{TrialId{0}, 1, study::Outcome::failed, whole_ + whole_, "", 1.0});
        journal.commit();
    }
    std::string bytes = content_of(path);
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    const auto found = read(bytes);
    ASSERT_TRUE(found) << "no record follows";
    EXPECT_TRUE(found->empty());
}

}  // namespace
}  // namespace hpogrid::results
