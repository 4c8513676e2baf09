#pragma once

#include "engine/cluster/transport.hpp"

#include "kernels/api/collectives.hpp"

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace hpogrid::cluster {

/// Collectives by messages, through the memory of the host. No collective call of MPI is in it: those would never
/// return once a rank has died.
///
/// Whoever needs bytes asks for them part by part, a few parts ahead, so that nobody is sent more than it takes. A
/// broadcast goes from the root to each member: meant for the members of one node, where messages are copies of memory.
class MessageCollectives final : public kernels::Collectives {
  public:
    struct Options {
        std::size_t part{std::size_t{1} << 20};  ///< bytes of a message
        std::size_t parts_ahead{16};             ///< that are asked for before the first of them has come
        /// Seconds without a word of a member that this one waits for, after which it counts as dead.
        double patience{std::numeric_limits<double>::infinity()};
    };

    /// \param transport carries nothing else, and outlives this
    /// \param ranks of the members in the transport; this process is one of them
    MessageCollectives(Transport& transport, std::vector<int> ranks, kernels::DeathWatch has_died, Options options);
    MessageCollectives(Transport& transport, std::vector<int> ranks, kernels::DeathWatch has_died)
        : MessageCollectives{transport, std::move(ranks), std::move(has_died), Options{}} {}

    /// Leaves the group: to members that still want something it is as good as dead.
    ~MessageCollectives() override { abort(); }

    [[nodiscard]] int rank() const noexcept override { return rank_; }
    [[nodiscard]] int size() const noexcept override { return static_cast<int>(peers_.size()); }
    void broadcast(int root, std::span<std::byte> bytes) override;
    void exchange(std::span<const Send> sends, std::span<const Receive> receives) override;
    [[nodiscard]] kernels::Transfer advance() override;
    void abort() noexcept override;

  private:
    /// A member asks for one part of what it is to get.
    struct Want {
        std::uint64_t number;  ///< of the transfer, counted in this direction between these two
        std::uint64_t offset;  ///< the length of the whole: it has everything
        std::uint64_t size;    ///< of the whole, in its opinion
    };
    struct Giving {
        std::uint64_t number;
        std::span<const std::byte> bytes;
    };
    struct Taking {
        std::uint64_t number;
        std::span<std::byte> bytes;
        std::size_t asked{0};
        std::size_t received{0};
    };
    struct Peer {
        int rank;                      ///< in the transport
        std::uint64_t given{0};        ///< transfers to it that have begun
        std::uint64_t taken{0};        ///< transfers from it that have begun
        std::vector<Giving> giving{};  ///< under way
        std::vector<Taking> taking{};  ///< likewise
        std::vector<Want> early{};     ///< for transfers that have not begun here
        double last_heard{0.0};
        bool gone{false};  ///< dead, or it has given up
    };

    void give(int member, std::span<const std::byte> bytes);
    void take(int member, std::span<std::byte> bytes);
    void receive(const Envelope& envelope);
    void answer(Peer& peer, const Want& want);
    void store(Peer& peer, std::uint64_t number, std::uint64_t offset, std::span<const std::byte> bytes);
    /// Asks for the next parts, or says that everything is here.
    void ask(Peer& peer, Taking& taking);
    static void drop_whole(Peer& peer);
    void give_up_the_dead();
    [[nodiscard]] bool is_lost(int member) const;

    Transport& transport_;
    kernels::DeathWatch has_died_;
    Options options_;
    std::vector<Peer> peers_;  ///< [member]; this one's own stays empty
    int rank_{0};
    bool failed_{false};
};

}  // namespace hpogrid::cluster
