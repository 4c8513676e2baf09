#pragma once

#include "engine/cluster/message.hpp"
#include "engine/cluster/transport.hpp"
#include "engine/core/ids.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <variant>

namespace hpogrid::program {

/// What a worker said first: who it is, or why it cannot evaluate.
using FirstWord = std::variant<cluster::Hello, cluster::Goodbye>;

/// Waits until `workers` workers, which have got their settings, have answered; at most `patience`. Who is missing has
/// not answered.
[[nodiscard]] std::map<WorkerId, FirstWord> call_the_roll(cluster::Transport& transport, std::size_t workers,
                                                          std::chrono::seconds patience);

}  // namespace hpogrid::program
