#include "engine/cluster/mpi_transport.hpp"

#include <chrono>
#include <limits>
#include <stdexcept>
#include <thread>
#include <utility>

namespace hpogrid::cluster {

MpiTransport::MpiTransport(MpiSession& session, Options options)
    : session_{session}, options_{options}, peers_(static_cast<std::size_t>(session.size())) {}

MpiTransport::~MpiTransport() {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::duration<double>(options_.flush_time);
    while ((under_way() > 0 || receiving_ > 0) && Clock::now() < end) {
        reap_all();
        // What has come in completely is dropped, like what MPI still holds.
        if (!take_complete()) {
            std::this_thread::sleep_for(std::chrono::microseconds{100});
        }
    }
    for (Peer& peer : peers_) {
        for (Sending& sending : peer.sending) {
            session_.keep_until_end(std::move(sending.bytes));
        }
        for (Receiving& receiving : peer.receiving) {
            session_.keep_until_end(std::move(receiving.bytes));
        }
    }
}

void MpiTransport::send(int destination, std::vector<std::byte> bytes) {
    Peer& peer = peers_.at(static_cast<std::size_t>(destination));
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        throw std::length_error{"a message of 2 GiB or more"};
    }
    reap(peer);
    if (peer.forgotten) {
        return;
    }
    const bool too_many = peer.sending.size() >= options_.most_messages_under_way;
    const bool too_much = peer.bytes_under_way + bytes.size() > options_.most_bytes_under_way;
    // One that is larger than the limit says nothing about its receiver.
    if (too_many || (too_much && !peer.sending.empty())) {
        forget(destination);
        return;
    }
    peer.bytes_under_way += bytes.size();
    peer.sending.push_back({MPI_REQUEST_NULL, std::move(bytes)});
    Sending& sending = peer.sending.back();
    if (MPI_Isend(sending.bytes.data(), static_cast<int>(sending.bytes.size()), MPI_BYTE, destination, options_.tag,
                  session_.communicator(), &sending.request) != MPI_SUCCESS) {
        forget(destination);
    }
}

std::optional<Envelope> MpiTransport::receive() {
    // Sends finish only when MPI gets a turn; looking at all of them each time would cost more than the messages.
    constexpr std::size_t reap_every = 64;
    if (++turns_ % reap_every == 0) {
        reap_all();
    }
    // Bounded, so that a flood of messages does not fill the memory before the first is taken.
    constexpr std::size_t most_matched = 64;
    const bool all_matched = receiving_ >= most_matched;
    if (!all_matched) {
        match(most_matched - receiving_);
    }
    std::optional<Envelope> complete = take_complete();
    if (!complete && all_matched) {
        // Their senders are slow or dead: what others sent must not wait behind them.
        match(most_matched);
        complete = take_complete();
    }
    return complete;
}

void MpiTransport::match(std::size_t most) {
    while (most > 0 && match_next()) {
        --most;
    }
}

bool MpiTransport::match_next() {
    int found = 0;
    MPI_Message message = MPI_MESSAGE_NULL;
    MPI_Status status;
    if (MPI_Improbe(MPI_ANY_SOURCE, options_.tag, session_.communicator(), &found, &message, &status) != MPI_SUCCESS ||
        found == 0) {
        return false;
    }
    int count = 0;
    MPI_Get_count(&status, MPI_BYTE, &count);
    Peer& peer = peers_.at(static_cast<std::size_t>(status.MPI_SOURCE));
    peer.receiving.push_back({MPI_REQUEST_NULL, std::vector<std::byte>(static_cast<std::size_t>(count))});
    Receiving& receiving = peer.receiving.back();
    if (MPI_Imrecv(receiving.bytes.data(), count, MPI_BYTE, &message, &receiving.request) != MPI_SUCCESS) {
        peer.receiving.pop_back();
        forget(status.MPI_SOURCE);
        return true;
    }
    ++receiving_;
    return true;
}

std::optional<Envelope> MpiTransport::take_complete() {
    for (std::size_t i = 0; receiving_ > 0 && i < peers_.size(); ++i) {
        const std::size_t source = (next_source_ + i) % peers_.size();
        Peer& peer = peers_[source];
        if (peer.receiving.empty()) {
            continue;
        }
        Receiving& first = peer.receiving.front();
        int done = 0;
        if (MPI_Test(&first.request, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS && done != 0) {
            Envelope envelope{static_cast<int>(source), std::move(first.bytes)};
            peer.receiving.pop_front();
            --receiving_;
            next_source_ = source + 1;
            return envelope;
        }
    }
    return std::nullopt;
}

void MpiTransport::reap(Peer& peer) {
    while (!peer.sending.empty()) {
        Sending& first = peer.sending.front();
        int done = 0;
        if (MPI_Test(&first.request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS || done == 0) {
            return;
        }
        peer.bytes_under_way -= first.bytes.size();
        peer.sending.pop_front();
    }
}

void MpiTransport::reap_all() {
    for (Peer& peer : peers_) {
        reap(peer);
    }
}

void MpiTransport::forget(int rank) {
    Peer& peer = peers_.at(static_cast<std::size_t>(rank));
    peer.forgotten = true;
    for (Sending& sending : peer.sending) {
        session_.keep_until_end(std::move(sending.bytes));
    }
    for (Receiving& receiving : peer.receiving) {
        session_.keep_until_end(std::move(receiving.bytes));
    }
    receiving_ -= peer.receiving.size();
    peer.sending.clear();
    peer.receiving.clear();
    peer.bytes_under_way = 0;
}

std::size_t MpiTransport::under_way() const noexcept {
    std::size_t count = 0;
    for (const Peer& peer : peers_) {
        count += peer.forgotten ? 0 : peer.sending.size();
    }
    return count;
}

}  // namespace hpogrid::cluster
