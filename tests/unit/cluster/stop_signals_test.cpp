#include "engine/cluster/stop_signals.hpp"

#include "engine/trials/verdict.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <thread>

namespace hpogrid::cluster {
namespace {

TEST(StopSignalsTest, AreTakenOnceEach) {
    StopSignals signals;
    EXPECT_FALSE(signals.take());
    ::kill(::getpid(), SIGUSR1);
    EXPECT_EQ(signals.take(), SIGUSR1);
    EXPECT_FALSE(signals.take());
    EXPECT_FALSE(trials::told_to_end());
}

TEST(StopSignalsTest, StayPendingForTheWorkerThatSharesTheProcess) {
    StopSignals signals;
    std::promise<void> taken;
    std::promise<bool> told;
    std::thread worker{[&] {
        taken.get_future().wait();
        told.set_value(trials::told_to_end());
    }};
    signals.leave_pending_for(worker.native_handle());
    ::kill(::getpid(), SIGUSR1);
    EXPECT_EQ(signals.take(), SIGUSR1);
    EXPECT_FALSE(signals.take()) << "the worker's own is not the controller's";
    taken.set_value();
    EXPECT_TRUE(told.get_future().get());
    worker.join();
}

}  // namespace
}  // namespace hpogrid::cluster
