#include "tests/integration/transport_deaths.hpp"

#include "tests/integration/transport_tools.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>

namespace hpogrid::transport_test {
namespace {

const std::vector<int> living{2, 3};

bool is_gone(pid_t process) {
    return ::kill(process, 0) != 0 && errno == ESRCH;
}

/// Lets MPI work on what is under way; nothing of it may become complete.
void let_some_pass(MpiTransport& transport, const std::vector<std::string>& expected = {}) {
    constexpr double seconds = 5e-3;
    std::vector<std::string> got;
    for (const double end = steady_clock() + seconds; steady_clock() < end;) {
        if (const auto envelope = transport.receive()) {
            got.push_back(to_text(envelope->bytes));
        }
    }
    expect(got == expected, "the large message was complete too early for this test");
}

/// Rank 0 from the moment when it has told rank 1 to die: before it has noticed, and afterwards.
std::string go_on_without(MpiTransport& transport, MpiSession& session, pid_t process) {
    int before = 0;
    do {
        round_trips(transport, living, 10);
        before += 10;
    } while (!is_gone(process));
    transport.forget(1);
    const std::size_t under_way = transport.under_way();
    transport.send(1, to_bytes("dropped"));
    expect(transport.under_way() == under_way, "a message to a forgotten rank was not dropped");
    round_trips(transport, living, 300);
    end(transport, living);
    session.end_by(cluster::MpiEnd::leave);
    return fmt::format("{} round trips with each of the others before it noticed, 300 afterwards", before);
}

pid_t process_of(MpiTransport& transport) {
    const Envelope envelope = next(transport);
    expect(envelope.source == 1, "a message of rank {}", envelope.source);
    return static_cast<pid_t>(std::stol(to_text(envelope.bytes)));
}

void tell_process(MpiTransport& transport) {
    transport.send(0, to_bytes(std::to_string(::getpid())));
}

/// Most memory that this process has ever used, in bytes.
std::size_t peak_memory() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

std::string deaf_to(MpiSession& session, std::size_t size, const MpiTransport::Options& options, cluster::MpiEnd how) {
    session.end_by(how);
    if (session.rank() == 1) {
        while (!is_gone(session.controller_process().value())) {
            ::usleep(10'000);
        }
        return "nothing";
    }
    MpiTransport transport{session, options};
    if (session.rank() != 0) {
        return echo(transport);
    }
    const std::size_t memory_before = peak_memory();
    constexpr int most_sent = 500;
    int sent = 0;
    for (; sent < most_sent && !transport.forgotten(1); ++sent) {
        transport.send(1, Bytes(size));
    }
    expect(transport.forgotten(1), "{} messages of {} bytes, and rank 1 is not forgotten", sent, size);
    for (int i = 0; i < most_sent; ++i) {
        transport.send(1, Bytes(size));
    }
    const double growth = double(peak_memory() - memory_before) / mebibyte;
    expect(growth < 64.0, "{:.0f} MiB more memory for a rank that takes nothing", growth);
    round_trips(transport, {2}, 100);
    end(transport, {2});
    return fmt::format("rank 1 forgotten after {} messages and {:.0f} MiB", sent, growth);
}

}  // namespace

std::string death_of_a_sender(MpiSession& session) {
    MpiTransport transport{session};
    if (session.rank() > 1) {
        session.end_by(cluster::MpiEnd::leave);
        return echo(transport);
    }
    if (session.rank() == 1) {
        tell_process(transport);
        transport.send(0, Bytes(100 * mebibyte));
        next(transport);
        ::kill(::getpid(), SIGKILL);
    }
    const pid_t process = process_of(transport);
    let_some_pass(transport);
    transport.send(1, to_bytes("die"));
    return go_on_without(transport, session, process);
}

std::string death_of_a_receiver(MpiSession& session) {
    MpiTransport transport{session};
    if (session.rank() > 1) {
        session.end_by(cluster::MpiEnd::leave);
        return echo(transport);
    }
    if (session.rank() == 1) {
        tell_process(transport);
        next(transport);
        let_some_pass(transport);
        ::kill(::getpid(), SIGKILL);
    }
    const pid_t process = process_of(transport);
    transport.send(1, to_bytes("begin"));
    transport.send(1, Bytes(100 * mebibyte));
    return go_on_without(transport, session, process);
}

std::string death_with_many_under_way(MpiSession& session) {
    MpiTransport transport{session};
    if (session.rank() > 1) {
        session.end_by(cluster::MpiEnd::leave);
        return echo(transport);
    }
    if (session.rank() == 1) {
        tell_process(transport);
        next(transport);
        for (int i = 0; i < 200; ++i) {
            transport.send(0, Bytes(mebibyte));
        }
        ::kill(::getpid(), SIGKILL);
    }
    const pid_t process = process_of(transport);
    transport.send(1, to_bytes("die"));
    // Without a look at MPI, so that none of the messages gets further than its announcement.
    for (const double limit = steady_clock() + 10.0; !is_gone(process);) {
        expect(steady_clock() < limit, "rank 1 does not die");
        ::usleep(1000);
    }
    return go_on_without(transport, session, process);
}

std::string deaf_to_much(MpiSession& session) {
    // What nobody took must lead to an end also when no rank is known to be dead.
    return deaf_to(session, mebibyte, {.most_bytes_under_way = 32 * mebibyte}, cluster::MpiEnd::finalize);
}

std::string deaf_to_many(MpiSession& session) {
    return deaf_to(session, std::size_t{40} << 10, {.most_messages_under_way = 100}, cluster::MpiEnd::leave);
}

}  // namespace hpogrid::transport_test
