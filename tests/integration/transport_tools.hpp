#pragma once

#include "engine/cluster/idle_wait.hpp"
#include "engine/cluster/mpi_session.hpp"
#include "engine/cluster/mpi_transport.hpp"
#include "engine/core/wall_clock.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the scenarios of transport_ranks are made of.
namespace hpogrid::transport_test {

using cluster::Envelope;
using cluster::MpiSession;
using cluster::MpiTransport;
using Bytes = std::vector<std::byte>;

constexpr std::size_t mebibyte = std::size_t{1} << 20;

template <class... T>
void expect(bool kept, fmt::format_string<T...> text, T&&... arguments) {
    if (!kept) {
        throw std::runtime_error{fmt::format(text, std::forward<T>(arguments)...)};
    }
}

inline Bytes to_bytes(std::string_view text) {
    Bytes bytes(text.size());
    std::transform(text.begin(), text.end(), bytes.begin(), [](char c) { return static_cast<std::byte>(c); });
    return bytes;
}

inline std::string to_text(const Bytes& bytes) {
    std::string text(bytes.size(), '\0');
    std::transform(bytes.begin(), bytes.end(), text.begin(), [](std::byte b) { return static_cast<char>(b); });
    return text;
}

/// Messages that both ends can make for themselves: random sizes up to 64 KiB, random bytes.
class Stream {
  public:
    Stream(int from, int to) : random_{static_cast<unsigned>(1 + from * 1000 + to)} {}

    Bytes next() { return next(std::uniform_int_distribution<std::size_t>{0, std::size_t{64} << 10}(random_)); }

    Bytes next(std::size_t size) {
        std::uniform_int_distribution<std::size_t> offset{0, block().size() - 1};
        Bytes bytes;
        bytes.reserve(size);
        while (bytes.size() < size) {
            const std::size_t start = offset(random_);
            const std::size_t count = std::min(size - bytes.size(), block().size() - start);
            const auto first = block().begin() + static_cast<std::ptrdiff_t>(start);
            bytes.insert(bytes.end(), first, first + static_cast<std::ptrdiff_t>(count));
        }
        return bytes;
    }

  private:
    static const Bytes& block() {
        static const Bytes bytes = [] {
            std::mt19937 random{1};
            Bytes made(mebibyte);
            std::generate(made.begin(), made.end(), [&] { return static_cast<std::byte>(random() & 0xFFU); });
            return made;
        }();
        return bytes;
    }

    std::mt19937_64 random_;
};

/// Takes messages until `done`, and waits between them as the engine's ranks do.
template <class Take, class Done>
void listen(MpiTransport& transport, Take take, Done done) {
    constexpr double longest_pause = 20.0;
    double last_active = steady_clock();
    while (!done()) {
        expect(steady_clock() - last_active < longest_pause, "no message for {} s", longest_pause);
        if (auto envelope = transport.receive()) {
            take(std::move(*envelope));
            last_active = steady_clock();
            continue;
        }
        std::vector<pollfd> nothing_else;
        cluster::IdleWait{transport}(nothing_else, steady_clock() - last_active);
    }
}

inline Envelope next(MpiTransport& transport) {
    std::vector<Envelope> taken;
    listen(
        transport, [&](Envelope envelope) { taken.push_back(std::move(envelope)); }, [&] { return !taken.empty(); });
    return std::move(taken.front());
}

/// Sends back what rank 0 sends, until it says "end".
inline std::string echo(MpiTransport& transport) {
    for (int count = 0;; ++count) {
        Envelope envelope = next(transport);
        if (to_text(envelope.bytes) == "end") {
            return fmt::format("{} messages to send back", count);
        }
        transport.send(0, std::move(envelope.bytes));
    }
}

/// The other side of echo().
inline void round_trips(MpiTransport& transport, const std::vector<int>& peers, int count) {
    Stream stream{0, 0};
    for (int i = 0; i < count; ++i) {
        for (const int peer : peers) {
            const Bytes bytes = stream.next();
            transport.send(peer, bytes);
            const Envelope answer = next(transport);
            expect(answer.source == peer, "a message of rank {} instead of {}'s", answer.source, peer);
            expect(answer.bytes == bytes, "round trip {} with rank {} changed the bytes", i, peer);
        }
    }
}

inline void end(MpiTransport& transport, const std::vector<int>& peers) {
    for (const int peer : peers) {
        transport.send(peer, to_bytes("end"));
    }
}

}  // namespace hpogrid::transport_test
