#pragma once

#include "engine/cluster/mpi_session.hpp"
#include "engine/cluster/process_watch.hpp"
#include "engine/cluster/transport.hpp"

#include "kernels/api/collectives.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hpogrid::cluster {

/// The workers of one node as a group: what one of them has read or trained, it gives to the others. The death of one
/// is noticed at once, by its process. Rank 0, where it only controls, is not in it.
class NodeGroup {
  public:
    /// \param channel carries nothing else, and outlives this
    /// \param workers of this node, this one among them
    NodeGroup(Transport& channel, std::span<const NodeWorker> workers);
    // The members' watch refers to this.
    NodeGroup(const NodeGroup&) = delete;
    NodeGroup& operator=(const NodeGroup&) = delete;

    /// Goes over to NCCL if each worker has a GPU of its own; all workers of the node do this together.
    /// \param gpu UUID of this worker's first GPU, empty without one
    /// \returns why messages remain, as one sentence; empty where GPUs do it, or none has one
    [[nodiscard]] std::string join_gpus(const std::string& gpu);

    [[nodiscard]] kernels::Collectives& collectives() noexcept { return nccl_ ? *nccl_ : *messages_; }
    /// The same group through the memory of the host.
    [[nodiscard]] kernels::Collectives& messages() noexcept { return *messages_; }
    /// Gives the memory back that NCCL has on the GPU. The messages stay.
    void leave_gpus() noexcept { nccl_.reset(); }

  private:
    [[nodiscard]] bool has_died(int member) const;
    /// What every member says; nothing if one of them is dead.
    [[nodiscard]] std::vector<std::string> all_say(const std::string& text);
    [[nodiscard]] std::string join(int device);

    std::vector<NodeWorker> workers_;
    std::vector<ProcessWatch> watches_;
    std::unique_ptr<kernels::Collectives> messages_;
    std::unique_ptr<kernels::Collectives> nccl_;
};

/// Why workers with these GPUs ("" = none) cannot be a group of NCCL, as one sentence; empty if they can, or if there
/// is nothing to wonder about: no GPU at all, or one worker.
[[nodiscard]] std::string nccl_hindrance(std::span<const std::string> gpus);

}  // namespace hpogrid::cluster
