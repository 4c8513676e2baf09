#pragma once

#include "engine/cluster/mpi_session.hpp"

#include <string>

// Scenarios in which ranks 1, 2 and 3 are a group, while rank 0 talks to each of them. Each is called by all ranks and
// answers what the rank saw.
namespace hpogrid::transport_test {

/// Rank 1 gives 100 MiB to the others.
std::string broadcast(cluster::MpiSession& session);
/// Rank 2 kills itself in the middle of taking them.
std::string death_of_a_taker(cluster::MpiSession& session);
/// Rank 1 kills itself in the middle of giving them.
std::string death_of_the_giver(cluster::MpiSession& session);

}  // namespace hpogrid::transport_test
