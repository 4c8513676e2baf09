#pragma once

#include "engine/cluster/transport.hpp"

#include <string>

namespace hpogrid::program {

/// Where a worker stands among the workers of its machine.
struct NodePlace {
    std::string host;
    std::size_t index{0};  ///< among the workers of the machine
    std::size_t count{1};  ///< workers on the machine
};

enum class WorkerResult { dismissed, controller_lost };

/// Everything that an evaluating rank does: waits for its settings, takes its share of the machine, evaluates trials
/// until it is dismissed.
[[nodiscard]] WorkerResult run_worker(cluster::Transport& transport, const NodePlace& place);

}  // namespace hpogrid::program
