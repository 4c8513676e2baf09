#include "engine/cluster/mpi_session.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
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

/// Every rank's text at rank `root` of the communicator, or everywhere for root −1.
std::vector<std::string> gather_texts(MPI_Comm communicator, const std::string& text, int root) {
    int size = 0;
    int rank = 0;
    check(MPI_Comm_size(communicator, &size), "MPI_Comm_size");
    check(MPI_Comm_rank(communicator, &rank), "MPI_Comm_rank");
    const int own_length = static_cast<int>(text.size());
    std::vector<int> lengths(static_cast<std::size_t>(size));
    check(MPI_Allgather(&own_length, 1, MPI_INT, lengths.data(), 1, MPI_INT, communicator), "MPI_Allgather");
    std::vector<int> offsets(lengths.size());
    std::exclusive_scan(lengths.begin(), lengths.end(), offsets.begin(), 0);
    std::string all(static_cast<std::size_t>(std::accumulate(lengths.begin(), lengths.end(), 0)), '\0');
    check(MPI_Allgatherv(text.data(), own_length, MPI_CHAR, all.data(), lengths.data(), offsets.data(), MPI_CHAR,
                         communicator),
          "MPI_Allgatherv");
    std::vector<std::string> texts;
    for (std::size_t i = 0; (root < 0 || rank == root) && i < lengths.size(); ++i) {
        texts.push_back(all.substr(static_cast<std::size_t>(offsets[i]), static_cast<std::size_t>(lengths[i])));
    }
    return texts;
}

}  // namespace

MpiSession::MpiSession() {
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
    check(MPI_Comm_split_type(communicator_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &node_),
          "MPI_Comm_split_type");
    int node_rank = 0;
    int node_size = 1;
    check(MPI_Comm_rank(node_, &node_rank), "MPI_Comm_rank");
    check(MPI_Comm_size(node_, &node_size), "MPI_Comm_size");
    // Ranks of a node keep their order, so rank 0 comes first where it is.
    int first = rank_;
    check(MPI_Bcast(&first, 1, MPI_INT, 0, node_), "MPI_Bcast");
    controller_on_node_ = first == 0 && size_ > 1;
    const int controllers = controller_on_node_ ? 1 : 0;
    workers_on_node_ = static_cast<std::size_t>(node_size - controllers);
    worker_on_node_ = static_cast<std::size_t>(std::max(0, node_rank - controllers));
}

MpiSession::~MpiSession() {
    if (abort_ || !kept_.empty()) {
        MPI_Abort(communicator_, abort_status_);
        return;
    }
    MPI_Comm_free(&node_);
    MPI_Comm_free(&communicator_);
    MPI_Finalize();
}

std::vector<std::string> MpiSession::gather_on_node(const std::string& text) const {
    std::vector<std::string> texts = gather_texts(node_, text, -1);
    if (controller_on_node_) {
        texts.erase(texts.begin());
    }
    return texts;
}

std::vector<std::string> MpiSession::gather(const std::string& text) const {
    return gather_texts(communicator_, text, 0);
}

std::string MpiSession::broadcast(std::string text) const {
    int length = static_cast<int>(text.size());
    check(MPI_Bcast(&length, 1, MPI_INT, 0, communicator_), "MPI_Bcast");
    text.resize(static_cast<std::size_t>(length));
    check(MPI_Bcast(text.data(), length, MPI_CHAR, 0, communicator_), "MPI_Bcast");
    return text;
}

void MpiSession::end_by_abort(int status) noexcept {
    abort_ = true;
    abort_status_ = status;
}

void MpiSession::keep_until_end(std::vector<std::byte> bytes) {
    kept_.push_back(std::move(bytes));
}

}  // namespace hpogrid::cluster
