#include "engine/cluster/stop_signals.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace hpogrid::cluster {
namespace {

sigset_t stop_signals() noexcept {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGUSR1);
    return signals;
}

}  // namespace

StopSignals::StopSignals() {
    const sigset_t signals = stop_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    descriptor_ = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor_ < 0) {
        throw std::system_error{errno, std::generic_category(), "signalfd"};
    }
}

StopSignals::~StopSignals() {
    ::close(descriptor_);
}

std::optional<int> StopSignals::take() noexcept {
    pollfd waiting{descriptor_, POLLIN, 0};
    if (worker_ && ::poll(&waiting, 1, 0) == 1) {
        // Before it is taken: at no moment is it pending nowhere.
        ::pthread_kill(*worker_, SIGTERM);
    }
    signalfd_siginfo info{};
    if (::read(descriptor_, &info, sizeof info) != sizeof info) {
        return std::nullopt;
    }
    return static_cast<int>(info.ssi_signo);
}

}  // namespace hpogrid::cluster
