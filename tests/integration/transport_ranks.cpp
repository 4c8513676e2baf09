// The ranks of transport_test.py: what session and transport promise, checked by the ranks themselves.
//
// usage: mpirun -n RANKS transport_ranks SCENARIO
// A rank says "rank N saw: …" when everything was as promised, else "rank N was let down: …".

#include "tests/integration/transport_collectives.hpp"
#include "tests/integration/transport_deaths.hpp"
#include "tests/integration/transport_tools.hpp"

#include <mpi.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <map>

namespace {

using namespace hpogrid;
using namespace hpogrid::transport_test;

std::string facts(MpiSession& session) {
    const auto rank = static_cast<std::size_t>(session.rank());
    const auto size = static_cast<std::size_t>(session.size());
    const std::size_t workers = size == 1 ? 1 : size - 1;
    const auto& here = session.node_workers();
    expect(here.size() == workers, "{} workers here, not {}", here.size(), workers);
    for (const cluster::NodeWorker& worker : here) {
        expect(::kill(worker.process, 0) == 0, "no process {} is rank {}", worker.process, worker.rank);
    }
    const std::size_t place = rank == 0 ? 0 : rank - 1;
    if (session.is_worker()) {
        expect(here.at(place).rank == session.rank(), "rank {} in this rank's place", here.at(place).rank);
    }
    expect(session.worker_on_node() == place, "place {} among them, not {}", session.worker_on_node(), place);
    expect(session.is_worker() == (rank != 0 || size == 1), "is_worker() {}", session.is_worker());
    expect(!session.host().empty() && session.host().find('\0') == std::string::npos, "host '{}'", session.host());
    const auto controller = session.controller_process();
    expect(controller.has_value() == (rank != 0), "the controller's process: {}", controller.value_or(-1));
    if (controller) {
        expect(::kill(*controller, 0) == 0 && *controller != ::getpid(), "no process {} is rank 0", *controller);
    }
    bool refused = false;
    try {
        const MpiSession another;
    } catch (const std::runtime_error&) {
        refused = true;
    }
    expect(refused, "a second session began");
    return fmt::format("size {}, workers {}, place {}", size, workers, place);
}

std::string order(MpiSession& session) {
    constexpr int count = 10'000;
    constexpr std::size_t most_under_way = 512;
    struct Pair {
        Stream out;
        Stream in;
        int sent{0};
        int received{0};
    };
    MpiTransport transport{session};
    std::map<int, Pair> pairs;
    for (int rank = 0; rank < session.size(); ++rank) {
        if ((rank == 0) != (session.rank() == 0)) {
            pairs.emplace(rank, Pair{{session.rank(), rank}, {rank, session.rank()}});
        }
    }
    const auto take = [&](const Envelope& envelope) {
        Pair& pair = pairs.at(envelope.source);
        expect(pair.received < count, "rank {} sent too much", envelope.source);
        expect(envelope.bytes == pair.in.next(), "message {} of rank {} differs", pair.received, envelope.source);
        ++pair.received;
    };
    const auto done = [&] {
        bool all = true;
        for (auto& [peer, pair] : pairs) {
            for (; pair.sent < count && transport.under_way() < most_under_way; ++pair.sent) {
                transport.send(peer, pair.out.next());
            }
            all = all && pair.sent == count && pair.received == count;
        }
        return all && transport.under_way() == 0;
    };
    listen(transport, take, done);
    return fmt::format("{} messages in order each way with each of {} ranks", count, pairs.size());
}

/// Rank 1 sends large messages, which rank 0 sends back; rank 2 sends small ones all the time.
constexpr std::size_t large_sizes[] = {mebibyte, 16 * mebibyte, 100 * mebibyte};

std::string large_sender(MpiTransport& transport) {
    Stream stream{1, 0};
    for (const std::size_t size : large_sizes) {
        const Bytes bytes = stream.next(size);
        transport.send(0, to_bytes("begin"));
        transport.send(0, bytes);
        expect(next(transport).bytes == bytes, "{} bytes came back changed", size);
    }
    transport.send(0, to_bytes("end"));
    return "all large messages come back intact";
}

std::string small_sender(MpiTransport& transport) {
    double longest = 0.0;
    int count = 0;
    for (std::string answer; answer != "end"; ++count) {
        const double sent = steady_clock();
        transport.send(0, to_bytes(fmt::format("small {}", count)));
        answer = to_text(next(transport).bytes);
        longest = std::max(longest, steady_clock() - sent);
    }
    expect(longest < 0.5, "a small message was answered after {:.3f} s", longest);
    return fmt::format("{} small messages answered, each within {:.1f} ms", count, longest * 1e3);
}

std::string large(MpiSession& session) {
    MpiTransport transport{session};
    if (session.rank() != 0) {
        return session.rank() == 1 ? large_sender(transport) : small_sender(transport);
    }
    Stream expected{1, 0};
    std::vector<int> small{0};  // those that came before the first large message, while each one came
    for (bool ended = false; !ended;) {
        Envelope envelope = next(transport);
        const std::string text = envelope.bytes.size() < 64 ? to_text(envelope.bytes) : "";
        ended = text == "end";
        if (envelope.source == 2) {
            small.back() += 1;
            transport.send(2, std::move(envelope.bytes));
        } else if (text == "begin") {
            small.push_back(0);
        } else if (!ended) {
            const std::size_t size = large_sizes[small.size() - 2];
            expect(envelope.bytes == expected.next(size), "{} bytes did not arrive intact", size);
            expect(size < 100 * mebibyte || small.back() >= 3, "100 MiB let only {} others pass", small.back());
            transport.send(1, std::move(envelope.bytes));
        }
    }
    while (next(transport).source != 2) {
    }
    transport.send(2, to_bytes("end"));
    return fmt::format("{} small messages while 100 MiB were on their way", small.back());
}

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) * 1e-6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string idle(MpiSession& session) {
    MpiTransport transport{session};
    const double began = steady_clock();
    const double cpu_began = cpu_seconds();
    Envelope ping;
    listen(
        transport, [&](Envelope envelope) { ping = std::move(envelope); },
        [&] { return session.rank() == 0 ? steady_clock() - began > 4.0 : !ping.bytes.empty(); });
    const double share = (cpu_seconds() - cpu_began) / (steady_clock() - began);
    expect(share < 0.05, "idle ranks use {:.1f} % of a core", share * 100);
    double longest = 0.0;
    for (int peer = 1; session.rank() == 0 && peer < session.size(); ++peer) {
        const double sent = steady_clock();
        transport.send(peer, to_bytes("ping"));
        next(transport);
        longest = std::max(longest, steady_clock() - sent);
    }
    expect(longest < 0.1, "a ping after the pause was answered after {:.3f} s", longest);
    if (session.rank() != 0) {
        transport.send(0, std::move(ping.bytes));
    }
    return fmt::format("{:.2f} % of a core when idle, answers within {:.1f} ms", share * 100, longest * 1e3);
}

std::string fair(MpiSession& session) {
    constexpr int flood = 1000;
    MpiTransport transport{session};
    if (session.rank() == 1) {
        for (int i = 0; i < flood; ++i) {
            transport.send(0, to_bytes("flood"));
        }
        transport.send(2, to_bytes("now"));
        next(transport);
        return "a flood sent";
    }
    if (session.rank() == 2) {
        next(transport);
        transport.send(0, to_bytes("one"));
        return "one message sent";
    }
    // Nothing is taken before both have sent; MPI itself takes them in meanwhile.
    for (int there = 0; there == 0;) {
        MPI_Iprobe(2, MPI_ANY_TAG, session.communicator(), &there, MPI_STATUS_IGNORE);
    }
    int before = 0;
    while (next(transport).source != 2) {
        ++before;
    }
    expect(before < flood / 5, "{} messages of rank 1 before the only one of rank 2", before);
    for (int i = before; i < flood; ++i) {
        next(transport);
    }
    transport.send(1, to_bytes("end"));
    return fmt::format("{} of {} messages first", before, flood);
}

std::string refusals(MpiSession& session) {
    MpiTransport transport{session};
    if (session.rank() != 0) {
        return echo(transport);
    }
    for (const int destination : {-1, session.size(), session.size() + 100}) {
        bool refused = false;
        try {
            transport.send(destination, to_bytes("to nobody"));
        } catch (const std::out_of_range&) {
            refused = true;
        }
        expect(refused, "a message to rank {} was taken", destination);
    }
    round_trips(transport, {1}, 10);
    end(transport, {1});
    return "only existing ranks get messages";
}

/// Larger than what may be under way to a rank: alone that is no sign of death.
std::string oversized(MpiSession& session) {
    MpiTransport transport{session, {.most_bytes_under_way = 4 * mebibyte}};
    if (session.rank() != 0) {
        return echo(transport);
    }
    const Bytes bytes = Stream{0, 1}.next(16 * mebibyte);
    transport.send(1, bytes);
    expect(!transport.forgotten(1), "a living rank was forgotten");
    expect(next(transport).bytes == bytes, "it came back changed");
    end(transport, {1});
    return "16 MiB pass where 4 MiB may be under way";
}

std::string farewell(MpiSession& session) {
    MpiTransport transport{session};
    if (session.rank() != 0) {
        expect(next(transport).bytes == Stream{0, session.rank()}.next(8 * mebibyte), "the last message differs");
        return "the last message";
    }
    for (int peer = 1; peer < session.size(); ++peer) {
        transport.send(peer, Stream{0, peer}.next(8 * mebibyte));
    }
    return "nothing more to do";
}

/// Rank 0 takes one message of many; the others lie there when it leaves.
std::string unread(MpiSession& session) {
    MpiTransport transport{session};
    constexpr int messages = 20;
    if (session.rank() != 0) {
        for (int i = 0; i < messages; ++i) {
            transport.send(0, Bytes(1000));
        }
        expect(to_text(next(transport).bytes) == "enough", "another message");
        return "enough";
    }
    next(transport);
    for (int peer = 1; peer < session.size(); ++peer) {
        transport.send(peer, to_bytes("enough"));
    }
    return "one message";
}

const std::map<std::string_view, std::string (*)(MpiSession&)> scenarios{
    {"facts", facts},
    {"order", order},
    {"large", large},
    {"idle", idle},
    {"fair", fair},
    {"refusals", refusals},
    {"oversized", oversized},
    {"farewell", farewell},
    {"unread", unread},
    {"death_of_a_sender", death_of_a_sender},
    {"death_of_a_receiver", death_of_a_receiver},
    {"death_with_many_under_way", death_with_many_under_way},
    {"deaf_to_much", deaf_to_much},
    {"deaf_to_many", deaf_to_many},
    {"broadcast", broadcast},
    {"death_of_a_taker", death_of_a_taker},
    {"death_of_the_giver", death_of_the_giver},
};

}  // namespace

int main(int argument_count, char** arguments) {
    MpiSession session;
    // A rank that hangs must not outlive the test by much.
    ::alarm(60);
    try {
        const auto scenario = scenarios.at(argument_count == 2 ? arguments[1] : "");
        const std::string seen = scenario(session);
        fmt::print("rank {} saw: {}\n", session.rank(), seen);
        std::fflush(stdout);
        return 0;
    } catch (const std::exception& error) {
        fmt::print("rank {} was let down: {}\n", session.rank(), error.what());
        std::fflush(stdout);
        session.end_by(cluster::MpiEnd::leave, 1);
        return 1;
    }
}
