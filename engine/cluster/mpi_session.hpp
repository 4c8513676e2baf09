#pragma once

#include <mpi.h>

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hpogrid::cluster {

/// How a rank leaves MPI.
enum class MpiEnd {
    finalize,  ///< together with all others
    /// This process ends at once: another one is dead, and MPI_Finalize would wait for it. Each rank leaves like this.
    leave,
    /// By MPI_Abort: one may be alive, but does not answer. Under --enable-recovery Open MPI 4.1 ends only this process
    /// by it; whoever started mpirun has to end it then (jobs/run-engine does).
    abort,
};

/// An evaluating rank.
struct NodeWorker {
    int rank{0};
    pid_t process{0};  ///< on its node
};

/// MPI from its start to its end, and what a rank learns about the others before the messages begin.
///
/// Only constructor and destructor make collective calls, which never return when a rank is dead; a process that spends
/// more than $HPOGRID_MPI_TIMEOUT seconds (60) in them is ended. MPI is initialised for calls from one thread; only the
/// thread that made the session may use it and its transport. Errors of MPI are returned to us, never fatal.
class MpiSession {
  public:
    /// Throws std::runtime_error when MPI cannot start, or has been started before in this process.
    MpiSession();
    MpiSession(const MpiSession&) = delete;
    MpiSession& operator=(const MpiSession&) = delete;
    /// Ends MPI, by MPI_Abort also when messages could not be handed over.
    ~MpiSession();

    [[nodiscard]] int rank() const noexcept { return rank_; }
    [[nodiscard]] int size() const noexcept { return size_; }
    /// MPI_Get_processor_name().
    [[nodiscard]] const std::string& host() const noexcept { return host_; }
    /// In a world of one rank it is controller and worker at once.
    [[nodiscard]] bool is_worker() const noexcept { return rank_ != 0 || size_ == 1; }

    /// Ranks that share this machine's memory, in their order; not rank 0 where it only controls.
    [[nodiscard]] const std::vector<NodeWorker>& node_workers() const noexcept { return node_workers_; }
    /// Position of this rank among them; for a rank 0 that only controls, 0.
    [[nodiscard]] std::size_t worker_on_node() const noexcept { return worker_on_node_; }

    /// Process of rank 0, if it is another process of this machine.
    [[nodiscard]] std::optional<pid_t> controller_process() const noexcept { return controller_process_; }

    /// To be called where MPI_Finalize would not return. `status`: of this process.
    void end_by(MpiEnd how, int status = 0) noexcept;

    /// Our own duplicate of MPI_COMM_WORLD.
    [[nodiscard]] MPI_Comm communicator() const noexcept { return communicator_; }
    /// Takes over the buffers of messages that nobody will take any more; MPI may still read them until the end.
    void keep_until_end(std::vector<std::byte> bytes);

  private:
    void find_node();

    MPI_Comm communicator_{MPI_COMM_NULL};
    int rank_{0};
    int size_{1};
    std::string host_;
    std::vector<NodeWorker> node_workers_;
    std::size_t worker_on_node_{0};
    std::optional<pid_t> controller_process_;
    MpiEnd end_{MpiEnd::finalize};
    int status_{0};
    std::vector<std::vector<std::byte>> kept_;
};

}  // namespace hpogrid::cluster
