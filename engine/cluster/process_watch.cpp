#include "engine/cluster/process_watch.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

namespace hpogrid::cluster {

ProcessWatch::ProcessWatch(pid_t process) noexcept
    : descriptor_{static_cast<int>(::syscall(SYS_pidfd_open, process, 0))} {}

ProcessWatch::ProcessWatch(ProcessWatch&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}

ProcessWatch& ProcessWatch::operator=(ProcessWatch&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

ProcessWatch::~ProcessWatch() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

bool ProcessWatch::ended() const noexcept {
    pollfd entry{descriptor_, POLLIN, 0};
    return descriptor_ >= 0 && ::poll(&entry, 1, 0) > 0;
}

}  // namespace hpogrid::cluster
