#pragma once

#include "engine/cluster/transport.hpp"

#include <memory>

namespace hpogrid::cluster {

/// The transport of a world of one rank: two ends joined by two queues, one for the controller's thread and one for the
/// worker's. Both ends are rank 0 of size 1; what one sends to rank 0, the other receives from rank 0.
/// An end may be used by one thread at a time; each may be destroyed first (the other then sends into the void).
struct LocalTransports {
    std::unique_ptr<Transport> controller;
    std::unique_ptr<Transport> worker;
};

/// Throws std::system_error when the process has no descriptors left.
[[nodiscard]] LocalTransports make_local_transports();

}  // namespace hpogrid::cluster
