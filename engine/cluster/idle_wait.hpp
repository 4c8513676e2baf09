#pragma once

#include "engine/cluster/transport.hpp"

#include <vector>

struct pollfd;

namespace hpogrid::cluster {

/// How long a loop without anything to do may sleep: an eighth of the time that it has been idle, between 50 µs and 2
/// ms. So a burst of messages is answered at once, what comes after a pause of some milliseconds is late by at most an
/// eighth of it, and a rank that waits for long looks 500 times a second. `quiet`: seconds since there was last
/// something to do. Answers seconds.
[[nodiscard]] double idle_timeout(double quiet) noexcept;

/// Sleeps until a descriptor is ready or the transport should be looked at again. Open MPI offers no descriptor and
/// polls without sleep in its own waiting calls, so a rank that waits must look, sleep, and look again.
/// A transport that announces its messages is waited for by its descriptors, at most `longest` seconds.
class IdleWait {
  public:
    /// `longest`: seconds after which the caller wants to have a turn in any case.
    explicit IdleWait(const Transport& transport, double longest = 0.05) noexcept
        : transport_{transport}, longest_{longest} {}

    /// `descriptors`: what else the caller waits for; on return their `revents` are set. `quiet`: seconds since there
    /// was last something to do. A signal ends the wait early.
    void operator()(std::vector<pollfd>& descriptors, double quiet) const;

  private:
    const Transport& transport_;
    double longest_;
};

}  // namespace hpogrid::cluster
