#pragma once

#include "engine/cluster/mpi_session.hpp"
#include "engine/cluster/transport.hpp"
#include "engine/cluster/worker.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace hpogrid::program {

/// Where a worker stands among the workers of its machine.
struct NodePlace {
    std::string host;
    std::size_t index{0};                         ///< among the workers of the machine
    std::vector<cluster::NodeWorker> workers{1};  ///< of the machine
    /// What they may give each other data through, and nothing else; null = they do not.
    cluster::Transport* channel{nullptr};
    /// Process of rank 0, if it is another process of the same machine: its death is noticed at once.
    std::optional<pid_t> controller{};
};

/// Everything that an evaluating rank does: waits for its settings, takes its share of the machine, evaluates trials
/// until it is dismissed. A worker that cannot (no Python on its machine, say) tells rank 0 why.
[[nodiscard]] cluster::WorkerEnd run_worker(cluster::Transport& transport, const NodePlace& place);

}  // namespace hpogrid::program
