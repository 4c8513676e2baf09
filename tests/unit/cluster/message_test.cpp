#include "engine/cluster/message.hpp"

#include "engine/cluster/worker_settings.hpp"
#include "engine/core/error.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace hpogrid::cluster {
namespace {

std::vector<Message> examples() {
    return {
        Hello{1, "node", 4, "H200 GPU-1", 123, true, 2},
        Events{{study::TrialStarted{TrialId{1}, 1, WorkerId{2}, SlotId{0}, 1.5}, study::StudyResumed{2.0}}},
        Heartbeat{},
        Goodbye{"no Python"},
        Assign{{{TrialId{3}, 2, R"({"x":1})", 99, "/checkpoint", 9.0}, {TrialId{4}, 1, "{}", 0, ""}}},
        Stop{TrialId{5}, 6, trials::StopCause::cancelled},
        Acknowledge{7},
        Shutdown{true},
        Settings{"{\"a\":1}"},
        Proceed{TrialId{1}, 2, 9.0},
        CheckpointOffered{"000007_1_3"},
        CheckpointStored{"000007_1_3", "no space"},
        CheckpointWanted{"000007_1_3", 12},
        CheckpointPart{"000007_1_3", 12, 15, {std::byte{1}, std::byte{2}, std::byte{3}}},
        CheckpointMissing{"000007_1_3", "no such folder"},
        CheckpointDropped{"1000007_12_3"},
        CopyCheckpoint{"000007_1_3", 5, 1, 2},
        CopyingEnded{},
    };
}

TEST(Message, GivesBackTheSameBytes) {
    for (const Message& message : examples()) {
        const auto bytes = encode(message);
        const Message decoded = decode_message(bytes);
        EXPECT_EQ(decoded.index(), message.index());
        EXPECT_EQ(encode(decoded), bytes);
    }
}

TEST(Message, KeepsEveryFieldOfAnOrder) {
    const auto decoded = std::get<Assign>(decode_message(encode(examples()[4])));
    ASSERT_EQ(decoded.orders.size(), 2U);
    EXPECT_EQ(decoded.orders[0].trial, TrialId{3});
    EXPECT_EQ(decoded.orders[0].attempt, 2U);
    EXPECT_EQ(decoded.orders[0].configuration, R"({"x":1})");
    EXPECT_EQ(decoded.orders[0].seed, 99U);
    EXPECT_EQ(decoded.orders[0].checkpoint, "/checkpoint");
    EXPECT_EQ(decoded.orders[0].milestone, 9.0);
}

TEST(Message, RefusesANameThatNoCheckpointHas) {
    for (const char* name : {"../000007_1_3", "000007_1", "000007_1_3.unfinished", "", "000007_1_3/x"}) {
        EXPECT_THROW(static_cast<void>(decode_message(encode(CheckpointDropped{name}))), FormatError) << name;
    }
}

TEST(Message, RefusesEveryTruncationAndExtension) {
    for (const Message& message : examples()) {
        auto bytes = encode(message);
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            EXPECT_THROW(static_cast<void>(decode_message(std::span{bytes}.first(length))), FormatError)
                << message.index() << " cut to " << length;
        }
        bytes.push_back(std::byte{0});
        EXPECT_THROW(static_cast<void>(decode_message(bytes)), FormatError);
    }
}

TEST(Message, RefusesAnotherVersionAndAnUnknownKind) {
    auto bytes = encode(Shutdown{});
    bytes[0] = std::byte{99};
    EXPECT_THROW(static_cast<void>(decode_message(bytes)), FormatError);
    bytes = encode(Shutdown{});
    bytes[1] = std::byte{200};
    EXPECT_THROW(static_cast<void>(decode_message(bytes)), FormatError);
}

TEST(WorkerSettings, SurviveTheirText) {
    WorkerSettings settings{.evaluator = trials::Command{"/bin/true", {"--x={x}"}, "out.json", {"x"}}};
    settings.surroundings.metric = "loss";
    settings.surroundings.limits.wall = std::chrono::duration<double>{2.5};
    settings.slots_per_gpu = 42;
    settings.debug = true;
    settings.cpus_per_trial = 1.5;
    settings.surroundings.stop = {{"accuracy", 0.9}};
    const std::string text = to_text(settings);
    const WorkerSettings read = worker_settings_from_text(text);
    EXPECT_EQ(to_text(read), text);
    EXPECT_EQ(std::get<trials::Command>(read.evaluator).arguments, std::vector<std::string>{"--x={x}"});
    EXPECT_EQ(read.surroundings.limits.wall.count(), 2.5);
    EXPECT_EQ(read.cpus_per_trial, 1.5);
    EXPECT_EQ(read.surroundings.stop, settings.surroundings.stop);
    settings.evaluator = trials::Native{"mlp", R"({"data":"t.h5"})", {"lr", "units"}, {"lr"}};
    const auto native = std::get<trials::Native>(worker_settings_from_text(to_text(settings)).evaluator);
    EXPECT_EQ(native.param, R"({"data":"t.h5"})");
    EXPECT_EQ(native.searched, (std::vector<std::string>{"lr", "units"}));
    EXPECT_EQ(native.changing, std::vector<std::string>{"lr"});
    EXPECT_THROW(static_cast<void>(worker_settings_from_text("{}")), FormatError);
    EXPECT_THROW(static_cast<void>(worker_settings_from_text("{")), FormatError);
}

}  // namespace
}  // namespace hpogrid::cluster
