#include "engine/cluster/checkpoints/checkpoint_courier.hpp"

#include "engine/cluster/checkpoints/checkpoint_exchange.hpp"
#include "engine/cluster/local_transport.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/cluster/checkpoints/folder_contents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <variant>

namespace hpogrid::cluster {
namespace {

namespace fs = std::filesystem;
using tests::TemporaryFolder;

/// A courier on one side, the controller's exchange on the other.
class CheckpointCourierTest : public testing::Test {
  protected:
    /// Carries messages to and fro until both sides are silent; answers how many there were.
    std::size_t talk() {
        std::size_t messages = 0;
        while (const auto envelope = transports.controller->receive()) {
            ++messages;
            if (const auto answer = exchange.answer(self, decode_message(envelope->bytes))) {
                courier->take(decode_message(encode(*answer)));
            }
        }
        return messages;
    }
    fs::path save(std::uint32_t trial, std::uint32_t number, std::string content = "weights") {
        const std::string name = study::folder_name({.trial = TrialId{trial}, .number = number});
        local.write(fs::path{"own"} / name / "state.pt", content);
        return name;
    }
    static trials::TrialNews saved(std::uint32_t trial, std::uint32_t number) {
        return trials::AttemptSaved{{.trial = TrialId{trial}, .number = number}};
    }
    static trials::TrialNews reported(std::uint32_t trial, double iteration) {
        study::Report report;
        report.iteration = iteration;
        return trials::AttemptReported{TrialId{trial}, 1, std::move(report)};
    }
    static trials::TrialOrder order(std::uint32_t trial, const fs::path& checkpoint) {
        trials::TrialOrder order;
        order.trial = TrialId{trial};
        order.attempt = 2;
        order.checkpoint = checkpoint;
        return order;
    }
    [[nodiscard]] fs::path own(const fs::path& name) const { return local.path() / "own" / name; }
    [[nodiscard]] fs::path kept(const fs::path& name) const { return controllers.path() / name; }

    WorkerId self{1};
    TemporaryFolder local;
    TemporaryFolder controllers;
    LocalTransports transports{make_local_transports()};
    CheckpointExchange exchange{controllers.path()};
    std::unique_ptr<CheckpointCourier> courier =
        std::make_unique<CheckpointCourier>(local.path() / "own", *transports.worker);
};

TEST_F(CheckpointCourierTest, HoldsWhatATrialTellsUntilTheControllerHasItsCheckpoint) {
    const fs::path name = save(7, 1, std::string(10'000'000, 'x'));

    courier->take({saved(7, 1), reported(7, 1), reported(8, 1)});

    const auto at_once = courier->release().news;
    ASSERT_EQ(at_once.size(), 1U) << "another trial does not wait";
    EXPECT_EQ(std::get<trials::AttemptReported>(at_once[0]).trial, TrialId{8});
    EXPECT_EQ(courier->held(), 2U);

    EXPECT_EQ(talk(), 4U) << "an offer and three parts of at most 4 MiB";
    const auto later = courier->release().news;
    ASSERT_EQ(later.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<trials::AttemptSaved>(later[0]));
    EXPECT_TRUE(std::holds_alternative<trials::AttemptReported>(later[1]));
    EXPECT_EQ(courier->held(), 0U);
    EXPECT_EQ(contents(kept(name)), contents(own(name)));
}

TEST_F(CheckpointCourierTest, KeepsTheOrderOfATrialWithSeveralCheckpointsUnderWay) {
    save(7, 1);
    save(7, 2);
    courier->take({saved(7, 1), reported(7, 1), saved(7, 2), reported(7, 2)});
    courier->take(Message{CheckpointStored{"000007_1_2", ""}});
    EXPECT_TRUE(courier->release().news.empty()) << "the first one is still under way";
    courier->take(Message{CheckpointStored{"000007_1_1", ""}});
    EXPECT_EQ(courier->release().news.size(), 4U);
}

TEST_F(CheckpointCourierTest, LeavesOutACheckpointThatCannotBeKept) {
    const fs::path name = save(7, 1);
    courier->take({saved(7, 1), reported(7, 1)});
    testing::internal::CaptureStderr();
    courier->take(Message{CheckpointStored{name.string(), "no space left"}});
    EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("no space left"));
    const auto news = courier->release().news;
    ASSERT_EQ(news.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<trials::AttemptReported>(news[0]));
    EXPECT_FALSE(fs::exists(own(name)));
}

TEST_F(CheckpointCourierTest, FetchesTheCheckpointThatATrialGoesOnFrom) {
    controllers.write("000007_1_3/state.pt", "weights");
    courier->take(order(9, "/elsewhere/000007_1_3"));
    courier->take(order(10, "/elsewhere/000007_1_3"));
    EXPECT_TRUE(courier->release().orders.empty());

    EXPECT_EQ(talk(), 1U) << "once for both";

    const auto orders = courier->release().orders;
    ASSERT_EQ(orders.size(), 2U);
    EXPECT_EQ(orders[0].checkpoint, own("000007_1_3"));
    EXPECT_EQ(contents(own("000007_1_3")), contents(kept("000007_1_3")));

    courier->take(order(11, "/elsewhere/000007_1_3"));
    EXPECT_EQ(courier->release().orders.size(), 1U) << "it is here already";
}

TEST_F(CheckpointCourierTest, PassesOrdersThatNeedNone) {
    courier->take(order(1, {}));
    EXPECT_EQ(courier->release().orders.size(), 1U);
}

TEST_F(CheckpointCourierTest, TellsOfACheckpointThatTheControllerDoesNotHave) {
    courier->take(order(9, "/elsewhere/000007_1_3"));
    talk();
    const auto released = courier->release();
    EXPECT_TRUE(released.orders.empty());
    ASSERT_EQ(released.lost.size(), 1U);
    EXPECT_EQ(released.lost[0].trial, TrialId{9});
    EXPECT_EQ(released.lost[0].attempt, 2U);
}

TEST_F(CheckpointCourierTest, LetsAnOrderGoThatIsToBeStopped) {
    controllers.write("000007_1_3/state.pt", "weights");
    courier->take(order(9, "/elsewhere/000007_1_3"));
    courier->stop(TrialId{9}, 2);
    const auto orders = courier->release().orders;
    ASSERT_EQ(orders.size(), 1U);
    EXPECT_TRUE(orders[0].checkpoint.empty());
    talk();
    EXPECT_TRUE(courier->release().orders.empty()) << "it is not carried out twice";
}

TEST_F(CheckpointCourierTest, RemovesWhatNobodyNeedsAndItsFolderAtTheEnd) {
    const fs::path name = save(7, 1);
    courier->take(Message{CheckpointDropped{name.string()}});
    EXPECT_FALSE(fs::exists(own(name)));
    save(7, 2);
    courier.reset();
    EXPECT_FALSE(fs::exists(own("")));
}

TEST_F(CheckpointCourierTest, LosesNothingButWhatWasUnderWayWithALostWorker) {
    save(7, 1, std::string(10'000'000, 'x'));
    courier->take({saved(7, 1)});
    const auto offer = transports.controller->receive();
    ASSERT_TRUE(offer);
    static_cast<void>(exchange.answer(self, decode_message(offer->bytes)));
    static_cast<void>(exchange.answer(self, part_of(local.path() / "own", {"000007_1_1", 0})));
    EXPECT_TRUE(fs::exists(kept("000007_1_1.unfinished")));
    exchange.forget(self);
    EXPECT_TRUE(fs::is_empty(controllers.path()));
}

}  // namespace
}  // namespace hpogrid::cluster
