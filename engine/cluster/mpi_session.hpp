#pragma once

#include <mpi.h>

#include <cstddef>
#include <string>
#include <vector>

namespace hpogrid::cluster {

/// MPI from its start to its end, and what a rank learns about the others before the messages begin.
///
/// Collective calls (the constructor, gather functions) are allowed only before the first message: with a dead rank a
/// collective never returns. MPI is initialised for calls from one thread; only the thread that made the session may
/// use it and its transport. Errors of MPI are returned to us, never fatal.
class MpiSession {
  public:
    /// Throws std::runtime_error when MPI cannot start, or has been started before in this process.
    MpiSession();
    MpiSession(const MpiSession&) = delete;
    MpiSession& operator=(const MpiSession&) = delete;
    /// MPI_Finalize; or MPI_Abort(0) after end_by_abort(), and when messages could not be handed over.
    ~MpiSession();

    [[nodiscard]] int rank() const noexcept { return rank_; }
    [[nodiscard]] int size() const noexcept { return size_; }
    /// MPI_Get_processor_name().
    [[nodiscard]] const std::string& host() const noexcept { return host_; }
    /// In a world of one rank it is controller and worker at once.
    [[nodiscard]] bool is_worker() const noexcept { return rank_ != 0 || size_ == 1; }

    /// Ranks that share this machine's memory. Rank 0 is not counted where it only controls.
    [[nodiscard]] std::size_t workers_on_node() const noexcept { return workers_on_node_; }
    /// Position of this rank among them; for a rank 0 that only controls, 0.
    [[nodiscard]] std::size_t worker_on_node() const noexcept { return worker_on_node_; }

    /// Collective over the workers and the controller of a node: the text of every worker of this node, by
    /// worker_on_node(). What a rank 0 that only controls passes is dropped.
    [[nodiscard]] std::vector<std::string> gather_on_node(const std::string& text) const;
    /// Collective over all ranks: at rank 0 every rank's text, elsewhere nothing.
    [[nodiscard]] std::vector<std::string> gather(const std::string& text) const;
    /// Collective over all ranks: rank 0's text.
    [[nodiscard]] std::string broadcast(std::string text) const;

    /// A rank died, so the end must not wait for it: MPI_Abort(`status`) then ends every rank that is left. Open MPI
    /// ends the job with `status`.
    void end_by_abort(int status = 0) noexcept;

    /// Our own duplicate of MPI_COMM_WORLD.
    [[nodiscard]] MPI_Comm communicator() const noexcept { return communicator_; }
    /// Takes over the buffers of messages that nobody will take any more; MPI may still read them until the end.
    void keep_until_end(std::vector<std::byte> bytes);

  private:
    void find_node();

    MPI_Comm communicator_{MPI_COMM_NULL};
    MPI_Comm node_{MPI_COMM_NULL};
    int rank_{0};
    int size_{1};
    std::string host_;
    bool controller_on_node_{false};
    std::size_t workers_on_node_{1};
    std::size_t worker_on_node_{0};
    bool abort_{false};
    int abort_status_{0};
    std::vector<std::vector<std::byte>> kept_;
};

}  // namespace hpogrid::cluster
