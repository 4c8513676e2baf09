#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

struct pollfd;

namespace hpogrid::cluster {

/// One received message and the rank that sent it.
struct Envelope {
    int source{0};
    std::vector<std::byte> bytes;
};

/// Ordered, reliable point-to-point messages between the ranks of a run. Rank 0 is the controller.
/// Implementations: MPI, and a pair of queues for a world of one rank.
class Transport {
  public:
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    virtual ~Transport() = default;

    [[nodiscard]] virtual int rank() const noexcept = 0;
    [[nodiscard]] virtual int size() const noexcept = 0;

    /// Hands the message over without waiting for the receiver. Messages of one pair of ranks keep their order.
    virtual void send(int destination, std::vector<std::byte> bytes) = 0;
    /// The next message, if one is there. Never waits.
    [[nodiscard]] virtual std::optional<Envelope> receive() = 0;

    /// That rank is dead: what is under way to it is given up, further messages to it are dropped.
    virtual void forget(int /*rank*/) {}
    /// Whether descriptors announce every message. If not, receive() must be called again and again (IdleWait).
    [[nodiscard]] virtual bool announces() const noexcept { return false; }
    /// Appends the descriptors that are readable while a message is there.
    virtual void add_descriptors(std::vector<pollfd>& /*descriptors*/) const {}
};

}  // namespace hpogrid::cluster
