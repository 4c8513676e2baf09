#pragma once

#include "engine/cluster/mpi_session.hpp"
#include "engine/cluster/transport.hpp"

#include <mpi.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <vector>

namespace hpogrid::cluster {

/// Messages over MPI. Nothing waits in it: sends are MPI_Isend with kept buffers, receives MPI_Improbe and MPI_Imrecv,
/// so that a rank that dies in the middle of a message holds up nobody.
/// It is to be the only one of its tag in the session.
///
/// A rank that takes no messages (it is dead, but nobody has noticed yet) costs at most `most_bytes_under_way`, or one
/// message that is larger, and `most_messages_under_way`: then it is forgotten, as is a rank for which MPI reports an
/// error. Messages that it has begun hold up nobody, however many they are, and ranks take turns, however much one of
/// them sends.
class MpiTransport final : public Transport {
  public:
    struct Options {
        /// Bytes sent to one rank and not yet taken over by MPI's buffers or the receiver.
        std::size_t most_bytes_under_way{std::size_t{256} << 20};
        /// Messages of which the same is true. Open MPI looks at each of them whenever it gets a turn.
        std::size_t most_messages_under_way{4096};
        int tag{1};  ///< of all its messages: transports of different tags do not see each other's
        /// Seconds for which the destructor lets messages to living ranks go out.
        double flush_time{2.0};
    };

    explicit MpiTransport(MpiSession& session) : MpiTransport{session, Options{}} {}
    MpiTransport(MpiSession& session, Options options);
    /// Lets what is under way go out, within `flush_time`.
    ~MpiTransport() override;

    [[nodiscard]] int rank() const noexcept override { return session_.rank(); }
    [[nodiscard]] int size() const noexcept override { return session_.size(); }
    /// Throws std::length_error for a message of 2 GiB or more, std::out_of_range for a rank that does not exist.
    void send(int destination, std::vector<std::byte> bytes) override;
    [[nodiscard]] std::optional<Envelope> receive() override;
    void forget(int rank) override;
    [[nodiscard]] bool forgotten(int rank) const { return peers_.at(static_cast<std::size_t>(rank)).forgotten; }
    /// Messages that are not yet handed over, to all ranks that are not forgotten.
    [[nodiscard]] std::size_t under_way() const noexcept;

  private:
    struct Sending {
        MPI_Request request;
        std::vector<std::byte> bytes;
    };
    struct Receiving {
        MPI_Request request;
        std::vector<std::byte> bytes;
    };
    struct Peer {
        std::deque<Sending> sending;
        std::deque<Receiving> receiving;  ///< in the order in which they were sent
        std::size_t bytes_under_way{0};
        bool forgotten{false};
    };

    void reap(Peer& peer);
    void reap_all();
    void match(std::size_t most);
    bool match_next();
    [[nodiscard]] std::optional<Envelope> take_complete();

    MpiSession& session_;
    Options options_;
    std::vector<Peer> peers_;
    std::size_t turns_{0};
    std::size_t next_source_{0};  ///< whose turn it is to have a message given out
    std::size_t receiving_{0};    ///< matched messages of all ranks that were not yet given out
};

}  // namespace hpogrid::cluster
