#pragma once

#include <sys/types.h>

namespace hpogrid::cluster {

/// Notices at once when another process of this machine ends, by a pidfd. Open MPI tells nobody when a rank dies, and
/// heartbeats take seconds. Where the kernel refuses (old kernels, some containers) the watch sees nothing, and
/// heartbeats remain.
class ProcessWatch {
  public:
    explicit ProcessWatch(pid_t process) noexcept;
    ProcessWatch(ProcessWatch&& other) noexcept;
    ProcessWatch& operator=(ProcessWatch&& other) noexcept;
    ~ProcessWatch();

    [[nodiscard]] bool ended() const noexcept;
    /// Becomes readable when the process ends; −1 where the kernel refused.
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

  private:
    int descriptor_{-1};
};

}  // namespace hpogrid::cluster
