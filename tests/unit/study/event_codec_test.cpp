#include "engine/study/event_codec.hpp"

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace hpogrid::study {
namespace {

std::vector<Event> examples() {
    const double infinity = std::numeric_limits<double>::infinity();
    return {
        WorkerJoined{WorkerId{3}, 2, "node\n\"x\"", "", 1.5},
        WorkerLost{WorkerId{0xFFFFFFFF}, std::string(10'000, 'r'), -infinity},
        Suggested{{space::Inactive{}, 0.1, std::int64_t{-7}, space::Category{4}}, "random"},
        Suggested{{}, ""},
        SuggestionsExhausted{},
        TrialStarted{TrialId{1}, 2, WorkerId{3}, SlotId{4}, 5.0},
        TrialReported{TrialId{1}, 2, {3.0, 4.0, {{"loss", infinity}, {"", 0.0}, {"präzision", -1e-300}}}},
        TrialEnded{TrialId{1}, 2, Outcome::oom, std::string{"a\0b", 3}, "/log", 9.0},
        StopRequested{StopReason::user, 1.0},
        StudyResumed{2.0},
        CheckpointSaved{Checkpoint{TrialId{7}, 2, 3, 40.0, std::uint64_t{1} << 40}},
        CheckpointLost{TrialId{7}, 3, "no such folder"},
        StudyPlanned{1'000'000},
        DeadlineSet{1.7e9, 1.6e9},
        TimePassed{1.65e9},
    };
}

std::vector<std::byte> encoded(const Event& event) {
    ByteWriter writer;
    encode(event, writer);
    return writer.take();
}

TEST(EventCodec, GivesBackTheSameBytes) {
    for (const Event& event : examples()) {
        const auto bytes = encoded(event);
        ByteReader reader{bytes};
        const Event decoded = decode_event(reader);
        EXPECT_TRUE(reader.at_end());
        EXPECT_EQ(decoded.index(), event.index());
        EXPECT_EQ(encoded(decoded), bytes);
    }
}

TEST(EventCodec, KeepsEveryField) {
    const auto bytes = encoded(TrialEnded{TrialId{7}, 3, Outcome::timeout, "late", "log.txt", 2.5});
    ByteReader reader{bytes};
    const auto ended = std::get<TrialEnded>(decode_event(reader));
    EXPECT_EQ(ended.trial, TrialId{7});
    EXPECT_EQ(ended.attempt, 3U);
    EXPECT_EQ(ended.outcome, Outcome::timeout);
    EXPECT_EQ(ended.error, "late");
    EXPECT_EQ(ended.log, "log.txt");
    EXPECT_EQ(ended.time, 2.5);
}

TEST(EventCodec, RefusesEveryTruncation) {
    for (const Event& event : examples()) {
        const auto bytes = encoded(event);
        for (std::size_t length = 0; length < bytes.size(); length += 1 + bytes.size() / 200) {
            ByteReader reader{std::span{bytes}.first(length)};
            EXPECT_THROW(static_cast<void>(decode_event(reader)), FormatError) << event.index() << " at " << length;
        }
    }
}

TEST(EventCodec, SurvivesRandomBytes) {
    RandomStream random{1, 0, RandomPurpose::simulation};
    for (int round = 0; round < 20'000; ++round) {
        std::vector<std::byte> bytes(random.below(64));
        for (std::byte& byte : bytes) {
            byte = static_cast<std::byte>(random.below(random.below(2) == 0 ? 256 : 12));
        }
        ByteReader reader{bytes};
        try {
            const Event event = decode_event(reader);
            EXPECT_LE(encoded(event).size(), bytes.size());
        } catch (const FormatError&) {
            continue;
        }
    }
}

}  // namespace
}  // namespace hpogrid::study
