#include "engine/cluster/collectives/message_collectives.hpp"

#include "engine/core/bytes.hpp"
#include "engine/core/error.hpp"
#include "engine/core/wall_clock.hpp"

#include <algorithm>
#include <stdexcept>

namespace hpogrid::cluster {
namespace {

enum class Kind : std::uint8_t {
    want,
    part,
    gone,  ///< this member has given up the group
};

}  // namespace

MessageCollectives::MessageCollectives(Transport& transport, std::vector<int> ranks, kernels::DeathWatch has_died,
                                       Options options)
    : transport_{transport}, has_died_{std::move(has_died)}, options_{options} {
    const auto self = std::ranges::find(ranks, transport.rank());
    if (self == ranks.end()) {
        throw std::invalid_argument{"a group without this rank"};
    }
    rank_ = static_cast<int>(self - ranks.begin());
    for (const int rank : ranks) {
        peers_.push_back({.rank = rank});
    }
}

void MessageCollectives::broadcast(int root, std::span<std::byte> bytes) {
    if (rank_ != root) {
        take(root, bytes);
        return;
    }
    for (int member = 0; member < size(); ++member) {
        if (member != root) {
            give(member, bytes);
        }
    }
}

void MessageCollectives::exchange(std::span<const Send> sends, std::span<const Receive> receives) {
    for (const Send& send : sends) {
        give(send.to, send.bytes);
    }
    for (const Receive& receive : receives) {
        take(receive.from, receive.bytes);
    }
}

void MessageCollectives::give(int member, std::span<const std::byte> bytes) {
    if (failed_) {
        return;
    }
    Peer& peer = peers_.at(static_cast<std::size_t>(member));
    peer.last_heard = steady_clock();
    peer.giving.push_back({peer.given++, bytes});
    for (const Want& want : std::exchange(peer.early, {})) {
        answer(peer, want);
    }
}

void MessageCollectives::take(int member, std::span<std::byte> bytes) {
    if (failed_) {
        return;
    }
    Peer& peer = peers_.at(static_cast<std::size_t>(member));
    peer.last_heard = steady_clock();
    peer.taking.push_back({peer.taken++, bytes});
    ask(peer, peer.taking.back());
    drop_whole(peer);
}

kernels::Transfer MessageCollectives::advance() {
    if (failed_) {
        // What was asked for before must be taken: the transports of the others could never let go of it.
        while (transport_.receive()) {
        }
        return kernels::Transfer::failed;
    }
    try {
        while (const auto envelope = transport_.receive()) {
            receive(*envelope);
        }
    } catch (const FormatError&) {
        abort();
    }
    give_up_the_dead();
    if (failed_) {
        return kernels::Transfer::failed;
    }
    const bool idle =
        std::ranges::all_of(peers_, [](const Peer& peer) { return peer.giving.empty() && peer.taking.empty(); });
    return idle ? kernels::Transfer::done : kernels::Transfer::under_way;
}

void MessageCollectives::abort() noexcept {
    if (std::exchange(failed_, true)) {
        return;
    }
    for (int member = 0; member < size(); ++member) {
        Peer& peer = peers_[static_cast<std::size_t>(member)];
        peer.giving.clear();
        peer.taking.clear();
        peer.early.clear();
        if (!peer.gone && member != rank_ && !has_died_(member)) {
            transport_.send(peer.rank, {static_cast<std::byte>(Kind::gone)});
        }
    }
}

void MessageCollectives::receive(const Envelope& envelope) {
    const auto peer = std::ranges::find(peers_, envelope.source, &Peer::rank);
    if (peer == peers_.end()) {
        return;
    }
    peer->last_heard = steady_clock();
    ByteReader reader{envelope.bytes};
    const auto kind = static_cast<Kind>(reader.u8());
    if (kind == Kind::gone) {
        peer->gone = true;
        return;
    }
    const std::uint64_t number = reader.u64();
    const std::uint64_t offset = reader.u64();
    if (kind == Kind::want) {
        answer(*peer, {number, offset, reader.u64()});
    } else {
        store(*peer, number, offset, reader.blob());
    }
    reader.expect_end();
}

void MessageCollectives::answer(Peer& peer, const Want& want) {
    const auto giving = std::ranges::find(peer.giving, want.number, &Giving::number);
    if (giving == peer.giving.end()) {
        if (want.number >= peer.given) {
            peer.early.push_back(want);
        }
        return;
    }
    const std::span<const std::byte> bytes = giving->bytes;
    if (want.size != bytes.size() || want.offset > bytes.size()) {
        throw FormatError{"a transfer of two lengths"};
    }
    if (want.offset == bytes.size()) {
        peer.giving.erase(giving);
        return;
    }
    ByteWriter writer;
    writer.u8(static_cast<std::uint8_t>(Kind::part));
    writer.u64(want.number);
    writer.u64(want.offset);
    writer.blob(bytes.subspan(want.offset, std::min(options_.part, bytes.size() - want.offset)));
    transport_.send(peer.rank, writer.take());
}

void MessageCollectives::store(Peer& peer, std::uint64_t number, std::uint64_t offset,
                               std::span<const std::byte> bytes) {
    const auto taking = std::ranges::find(peer.taking, number, &Taking::number);
    if (taking == peer.taking.end() || offset != taking->received ||
        bytes.size() > taking->bytes.size() - taking->received) {
        throw FormatError{"a part that was not asked for"};
    }
    std::ranges::copy(bytes, taking->bytes.subspan(offset).begin());
    taking->received += bytes.size();
    ask(peer, *taking);
    drop_whole(peer);
}

void MessageCollectives::drop_whole(Peer& peer) {
    std::erase_if(peer.taking, [](const Taking& taking) { return taking.received == taking.bytes.size(); });
}

void MessageCollectives::ask(Peer& peer, Taking& taking) {
    const auto send = [&](std::size_t offset) {
        ByteWriter writer;
        writer.u8(static_cast<std::uint8_t>(Kind::want));
        writer.u64(taking.number);
        writer.u64(offset);
        writer.u64(taking.bytes.size());
        transport_.send(peer.rank, writer.take());
    };
    const std::size_t end = std::min(taking.bytes.size(), taking.received + options_.parts_ahead * options_.part);
    while (taking.asked < end) {
        send(taking.asked);
        taking.asked = std::min(taking.bytes.size(), taking.asked + options_.part);
    }
    if (taking.received == taking.bytes.size()) {
        send(taking.received);
    }
}

bool MessageCollectives::is_lost(int member) const {
    const Peer& peer = peers_[static_cast<std::size_t>(member)];
    return peer.gone || has_died_(member) || steady_clock() - peer.last_heard > options_.patience;
}

void MessageCollectives::give_up_the_dead() {
    for (int member = 0; member < size(); ++member) {
        Peer& peer = peers_[static_cast<std::size_t>(member)];
        const bool waited_for = !peer.giving.empty() || !peer.taking.empty();
        if (!waited_for || !is_lost(member)) {
            continue;
        }
        // One that has only left still takes what is under way to it.
        if (!peer.gone || has_died_(member)) {
            transport_.forget(peer.rank);
        }
        peer.gone = true;
        if (!peer.taking.empty()) {
            abort();
            return;
        }
        peer.giving.clear();
    }
}

}  // namespace hpogrid::cluster
