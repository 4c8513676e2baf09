#include "engine/cluster/mpi_session.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>

namespace hpogrid::cluster {
namespace {

void check(int code, const char* what) {
    if (code != MPI_SUCCESS) {
        std::string text(MPI_MAX_ERROR_STRING, '\0');
        int length = 0;
        MPI_Error_string(code, text.data(), &length);
        throw std::runtime_error{std::string{what} + ": " + text.substr(0, static_cast<std::size_t>(length))};
    }
}

/// A rank that dies in a collective call leaves the others in it for ever: SIGALRM ends them instead.
class CollectiveTime {
  public:
    CollectiveTime() {
        constexpr unsigned usual = 60;  // seconds; thousands of ranks need some
        const char* wanted = std::getenv("HPOGRID_MPI_TIMEOUT");
        const int seconds = wanted != nullptr ? std::atoi(wanted) : 0;
        ::alarm(seconds > 0 ? static_cast<unsigned>(seconds) : usual);
    }
    ~CollectiveTime() { ::alarm(0); }
    CollectiveTime(const CollectiveTime&) = delete;
    CollectiveTime& operator=(const CollectiveTime&) = delete;
};

}  // namespace

MpiSession::MpiSession() {
    const CollectiveTime limit;
    int initialised = 0;
    MPI_Initialized(&initialised);
    if (initialised != 0) {
        throw std::runtime_error{"MPI was started before in this process"};
    }
    int provided = 0;
    // One thread calls MPI, and others exist.
    check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided), "MPI_Init_thread");
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    check(MPI_Comm_dup(MPI_COMM_WORLD, &communicator_), "MPI_Comm_dup");
    MPI_Comm_set_errhandler(communicator_, MPI_ERRORS_RETURN);
    check(MPI_Comm_rank(communicator_, &rank_), "MPI_Comm_rank");
    check(MPI_Comm_size(communicator_, &size_), "MPI_Comm_size");
    std::string name(MPI_MAX_PROCESSOR_NAME, '\0');
    int length = 0;
    check(MPI_Get_processor_name(name.data(), &length), "MPI_Get_processor_name");
    host_ = name.substr(0, static_cast<std::size_t>(length));
    find_node();
}

void MpiSession::find_node() {
    MPI_Comm node = MPI_COMM_NULL;
    check(MPI_Comm_split_type(communicator_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &node), "MPI_Comm_split_type");
    int node_rank = 0;
    int node_size = 1;
    check(MPI_Comm_rank(node, &node_rank), "MPI_Comm_rank");
    check(MPI_Comm_size(node, &node_size), "MPI_Comm_size");
    const std::array<std::int64_t, 2> self{rank_, ::getpid()};
    std::vector<std::array<std::int64_t, 2>> ranks(static_cast<std::size_t>(node_size));
    check(MPI_Allgather(self.data(), 2, MPI_INT64_T, ranks.data(), 2, MPI_INT64_T, node), "MPI_Allgather");
    check(MPI_Comm_free(&node), "MPI_Comm_free");
    for (const auto& [rank, process] : ranks) {
        const bool controls = rank == 0 && size_ > 1;
        if (!controls) {
            node_workers_.push_back({static_cast<int>(rank), static_cast<pid_t>(process)});
        } else if (rank_ != 0) {
            controller_process_ = static_cast<pid_t>(process);
        }
    }
    // Ranks of a node keep their order, so rank 0 comes first where it is.
    const int controllers = node_size - static_cast<int>(node_workers_.size());
    worker_on_node_ = static_cast<std::size_t>(std::max(0, node_rank - controllers));
}

MpiSession::~MpiSession() {
    if (end_ == MpiEnd::leave) {
        std::fflush(nullptr);
        std::_Exit(status_);
    }
    if (end_ == MpiEnd::abort || !kept_.empty()) {
        MPI_Abort(communicator_, status_);
        return;
    }
    const CollectiveTime limit;
    MPI_Comm_free(&communicator_);
    MPI_Finalize();
}

void MpiSession::end_by(MpiEnd how, int status) noexcept {
    end_ = how;
    status_ = status;
}

void MpiSession::keep_until_end(std::vector<std::byte> bytes) {
    kept_.push_back(std::move(bytes));
}

}  // namespace hpogrid::cluster
