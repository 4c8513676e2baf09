#pragma once

#include <pthread.h>

#include <optional>

namespace hpogrid::cluster {

/// SIGTERM, SIGINT and SIGUSR1 as something to read instead of something that interrupts: no handler, no global.
/// mpirun kills its ranks when it gets SIGTERM, but it passes SIGUSR1 on to them and waits (jobs/run-engine).
///
/// Construct it before MPI_Init and before any thread, so that every thread inherits the blocked signals. Workers hold
/// one too and never read it: mpirun signals all ranks, and what happens then is the controller's decision.
class StopSignals {
  public:
    StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    ~StopSignals();

    /// The next pending signal's number, if one has arrived. Never waits.
    [[nodiscard]] std::optional<int> take() noexcept;
    /// Where controller and worker share a process: what is taken from now on stays pending for the worker's thread,
    /// which so knows that it is told to end (trials/verdict.hpp) as one with a process of its own does.
    void leave_pending_for(pthread_t worker) noexcept { worker_ = worker; }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

  private:
    int descriptor_;
    std::optional<pthread_t> worker_;
};

}  // namespace hpogrid::cluster
