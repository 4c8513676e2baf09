#pragma once

#include "engine/cluster/mpi_session.hpp"

#include <string>

// Scenarios in which a rank dies or takes no messages. Each is called by all ranks and answers what the rank saw.
namespace hpogrid::transport_test {

/// Rank 1 dies while it sends 100 MiB to rank 0.
std::string death_of_a_sender(cluster::MpiSession& session);
/// Rank 1 dies while rank 0 sends 100 MiB to it.
std::string death_of_a_receiver(cluster::MpiSession& session);
/// Rank 1 dies with 200 messages begun of which none can be finished.
std::string death_with_many_under_way(cluster::MpiSession& session);
/// Rank 1 takes no messages, until they are too much.
std::string deaf_to_much(cluster::MpiSession& session);
/// Rank 1 takes no messages, until they are too many.
std::string deaf_to_many(cluster::MpiSession& session);

}  // namespace hpogrid::transport_test
