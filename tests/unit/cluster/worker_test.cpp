#include "engine/cluster/worker.hpp"

#include "engine/cluster/local_transport.hpp"
#include "engine/cluster/message.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace hpogrid::cluster {
namespace {

using namespace std::chrono_literals;

/// Starts what it is told to at once, and then reports without end if it is talkative.
class FakeEvaluator final : public trials::Evaluator {
  public:
    explicit FakeEvaluator(bool talkative = false) : talkative_{talkative} {}

    void start(trials::TrialOrder order) override { started.push_back(std::move(order)); }
    void stop(TrialId trial, std::uint32_t attempt, trials::StopCause) override {
        stopped.emplace_back(trial, attempt);
    }
    void add_descriptors(std::vector<pollfd>&) const override {}
    void advance(std::vector<trials::TrialNews>& news) override {
        for (; announced_ < started.size(); ++announced_) {
            const trials::TrialOrder& order = started[announced_];
            news.emplace_back(trials::AttemptStarted{order.trial, order.attempt, SlotId{0}, 1.0});
        }
        if (talkative_ && !started.empty()) {
            news.emplace_back(trials::AttemptReported{started[0].trial, 1, {}});
        }
    }

    [[nodiscard]] std::optional<std::string> hindrance() const override { return wrong; }

    std::optional<std::string> wrong;
    std::vector<trials::TrialOrder> started;
    std::vector<std::pair<TrialId, std::uint32_t>> stopped;

  private:
    bool talkative_;
    std::size_t announced_{0};
};

class WorkerTest : public testing::Test {
  protected:
    void order(std::uint32_t trial) {
        transports.controller->send(0, encode(Assign{{{TrialId{trial}, 1, "{}", 0, ""}}}));
    }
    void dismiss(bool ranks_died = false) { transports.controller->send(0, encode(Shutdown{ranks_died})); }
    [[nodiscard]] WorkerEnd run(trials::Evaluator& evaluator, Worker::Options options = {}) {
        return Worker{*transports.worker, evaluator, options}.run();
    }
    /// Takes what the worker said so far; answers how many events were in it.
    std::size_t take_events() {
        std::size_t count = 0;
        while (const auto envelope = transports.controller->receive()) {
            const Message message = decode_message(envelope->bytes);
            if (const auto* events = std::get_if<Events>(&message)) {
                count += events->events.size();
            }
        }
        return count;
    }
    /// Events that came until `wanted` are there, and for a while after.
    std::size_t collect_events(std::size_t wanted) {
        std::size_t count = 0;
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while (count < wanted && std::chrono::steady_clock::now() < deadline) {
            count += take_events();
            std::this_thread::sleep_for(1ms);
        }
        std::this_thread::sleep_for(100ms);
        return count + take_events();
    }

    LocalTransports transports{make_local_transports()};
};

TEST_F(WorkerTest, CarriesOutOrdersInTheirOrderUntilDismissed) {
    FakeEvaluator evaluator;
    order(3);
    order(1);
    transports.controller->send(0, encode(Stop{TrialId{3}, 1, trials::StopCause::stopped}));
    dismiss();

    EXPECT_EQ(run(evaluator), WorkerEnd::dismissed);

    ASSERT_EQ(evaluator.started.size(), 2U);
    EXPECT_EQ(evaluator.started[0].trial, TrialId{3});
    EXPECT_EQ(evaluator.started[1].trial, TrialId{1});
    EXPECT_EQ(evaluator.stopped, (std::vector<std::pair<TrialId, std::uint32_t>>{{TrialId{3}, 1}}));
    EXPECT_EQ(take_events(), 2U) << "both starts were told before it left";
}

TEST_F(WorkerTest, TellsOfADismissalAfterDeaths) {
    FakeEvaluator evaluator;
    dismiss(true);

    EXPECT_EQ(run(evaluator), WorkerEnd::dismissed_after_deaths);
}

TEST_F(WorkerTest, ReturnsWhenItIsCalledBack) {
    FakeEvaluator evaluator;
    order(0);
    transports.controller->send(0, encode(Settings{"{}"}));

    EXPECT_EQ(run(evaluator), WorkerEnd::called_back);
}

TEST_F(WorkerTest, GivesUpWhenItsEvaluatorCanEvaluateNothing) {
    FakeEvaluator evaluator;
    evaluator.wrong = "no such module";

    EXPECT_THROW(static_cast<void>(run(evaluator)), CannotEvaluate);
}

TEST_F(WorkerTest, StopsReportingUntilTheControllerAcknowledges) {
    FakeEvaluator evaluator{true};
    constexpr std::size_t window = 10;
    WorkerEnd end{};
    order(0);
    std::thread thread{[&] { end = run(evaluator, {.window = window}); }};

    const std::size_t first = collect_events(window);
    transports.controller->send(0, encode(Acknowledge{6}));
    const std::size_t second = collect_events(6);
    dismiss();
    thread.join();

    // The last batch may exceed the window by what one advance() told.
    EXPECT_GE(first, window);
    EXPECT_LE(first, window + 1);
    EXPECT_GE(second, 5U);
    EXPECT_LE(second, 7U);
}

TEST_F(WorkerTest, GivesSignsOfLifeWhileThereIsNothingToSay) {
    FakeEvaluator evaluator;
    WorkerEnd end{};
    std::thread thread{[&] { end = run(evaluator, {.heartbeat_interval = 0.01}); }};
    std::size_t heartbeats = 0;
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (heartbeats < 3 && std::chrono::steady_clock::now() < deadline) {
        while (const auto envelope = transports.controller->receive()) {
            heartbeats += std::holds_alternative<Heartbeat>(decode_message(envelope->bytes)) ? 1 : 0;
        }
        std::this_thread::sleep_for(1ms);
    }
    dismiss();
    thread.join();

    EXPECT_GE(heartbeats, 3U);
}

TEST_F(WorkerTest, LeavesWhenTheControllerFallsSilent) {
    FakeEvaluator evaluator;

    EXPECT_EQ(run(evaluator, {.controller_silence = 0.05}), WorkerEnd::controller_silent);
}

TEST_F(WorkerTest, LeavesAtOnceWhenTheControllersProcessDies) {
    FakeEvaluator evaluator;
    const pid_t controller = ::fork();
    if (controller == 0) {
        ::pause();
        ::_exit(0);
    }
    const ProcessWatch watch{controller};
    if (watch.descriptor() < 0) {
        GTEST_SKIP() << "the kernel has no pidfd";
    }
    ::kill(controller, SIGKILL);

    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(run(evaluator, {.controller = &watch}), WorkerEnd::controller_died);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
    ::waitpid(controller, nullptr, 0);
}

TEST(LocalTransport, KeepsTheOrderAndAnnouncesMessages) {
    const LocalTransports transports = make_local_transports();
    for (unsigned char value = 0; value < 100; ++value) {
        transports.controller->send(0, {std::byte{value}});
    }
    std::vector<pollfd> descriptors;
    transports.worker->add_descriptors(descriptors);
    EXPECT_EQ(::poll(descriptors.data(), descriptors.size(), 0), 1);

    for (unsigned char value = 0; value < 100; ++value) {
        const auto envelope = transports.worker->receive();
        ASSERT_TRUE(envelope);
        EXPECT_EQ(envelope->bytes, std::vector{std::byte{value}});
    }

    EXPECT_FALSE(transports.worker->receive());
    EXPECT_EQ(::poll(descriptors.data(), descriptors.size(), 0), 0);
}

TEST(LocalTransport, SendsIntoTheVoidWhenTheOtherEndIsGone) {
    LocalTransports transports = make_local_transports();
    transports.worker.reset();

    EXPECT_NO_THROW(transports.controller->send(0, {std::byte{1}}));
    EXPECT_FALSE(transports.controller->receive());
}

}  // namespace
}  // namespace hpogrid::cluster
