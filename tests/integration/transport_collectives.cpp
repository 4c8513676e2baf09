#include "tests/integration/transport_collectives.hpp"

#include "engine/cluster/collectives/node_group.hpp"
#include "tests/integration/transport_tools.hpp"

#include <signal.h>
#include <unistd.h>

namespace hpogrid::transport_test {
namespace {

using kernels::Transfer;

constexpr std::size_t size = 100 * mebibyte;
constexpr int root = 0;         // member 0 of the group is rank 1
constexpr int turns_alive = 8;  // at 16 MiB a turn at most, so that there is a middle to die in

[[noreturn]] void die(kernels::Collectives& group) {
    for (int turn = 0; turn < turns_alive; ++turn) {
        expect(group.advance() == Transfer::under_way, "the broadcast was over too early for this test");
        ::usleep(1000);
    }
    ::kill(::getpid(), SIGKILL);
    ::pause();
    std::abort();
}

/// \param mortal the rank that dies, or −1
std::string act(MpiSession& session, int mortal) {
    if (mortal >= 0) {
        session.end_by(cluster::MpiEnd::leave);
    }
    MpiTransport transport{session};
    MpiTransport channel{session, {.tag = 2}};
    std::vector<int> living{1, 2, 3};
    std::erase(living, mortal);
    if (session.rank() == 0) {
        round_trips(transport, living, 100);
        end(transport, living);
        return "100 round trips with each of the living";
    }
    cluster::NodeGroup node{channel, session.node_workers()};
    kernels::Collectives& group = node.collectives();
    const Bytes expected = Stream{1, 1}.next(size);
    Bytes bytes = group.rank() == root ? expected : Bytes(size);
    group.broadcast(root, bytes);
    if (session.rank() == mortal) {
        die(group);
    }
    const Transfer state = kernels::wait(group);
    const bool gets_it = mortal != 1;
    expect(state == (gets_it ? Transfer::done : Transfer::failed), "the broadcast was {}", static_cast<int>(state));
    expect(!gets_it || bytes == expected, "the broadcast changed the bytes");
    echo(transport);
    return gets_it ? "all bytes" : "the death of the giver";
}

}  // namespace

std::string broadcast(MpiSession& session) {
    return act(session, -1);
}

std::string death_of_a_taker(MpiSession& session) {
    return act(session, 2);
}

std::string death_of_the_giver(MpiSession& session) {
    return act(session, 1);
}

}  // namespace hpogrid::transport_test
