#include "engine/program/roll_call.hpp"

#include "engine/cluster/idle_wait.hpp"
#include "engine/core/wall_clock.hpp"

#include <poll.h>

#include <utility>
#include <vector>

namespace hpogrid::program {

std::map<WorkerId, FirstWord> call_the_roll(cluster::Transport& transport, std::size_t workers,
                                            std::chrono::seconds patience) {
    std::map<WorkerId, FirstWord> answers;
    const double began = steady_clock();
    while (answers.size() < workers && steady_clock() - began < static_cast<double>(patience.count())) {
        if (auto envelope = transport.receive()) {
            const WorkerId worker{static_cast<std::uint32_t>(envelope->source)};
            cluster::Message message = cluster::decode_message(envelope->bytes);
            if (auto* hello = std::get_if<cluster::Hello>(&message)) {
                answers.emplace(worker, std::move(*hello));
            } else if (auto* goodbye = std::get_if<cluster::Goodbye>(&message)) {
                answers.emplace(worker, std::move(*goodbye));
            }
            continue;
        }
        std::vector<pollfd> nothing_else;
        cluster::IdleWait{transport}(nothing_else, steady_clock() - began);
    }
    return answers;
}

}  // namespace hpogrid::program
