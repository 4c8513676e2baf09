#include "engine/program/worker_rank.hpp"

#include "engine/cluster/cpu_share.hpp"
#include "engine/cluster/gpu_binding.hpp"
#include "engine/cluster/gpu_inventory.hpp"
#include "engine/cluster/idle_wait.hpp"
#include "engine/cluster/message.hpp"
#include "engine/cluster/wall_clock.hpp"
#include "engine/cluster/worker.hpp"
#include "engine/cluster/worker_settings.hpp"
#include "engine/trials/make_evaluator.hpp"
#include "engine/trials/process_tree.hpp"

#include <poll.h>

#include <optional>
#include <variant>

namespace hpogrid::program {
namespace {

/// Rank 0 speaks first: settings, or at once a dismissal when the user's input was bad.
std::optional<cluster::WorkerSettings> wait_for_settings(cluster::Transport& transport) {
    const double began = cluster::steady_clock();
    while (true) {
        while (const auto envelope = transport.receive()) {
            const cluster::Message message = cluster::decode_message(envelope->bytes);
            if (const auto* settings = std::get_if<cluster::Settings>(&message)) {
                return cluster::worker_settings_from_text(settings->text);
            }
            if (std::holds_alternative<cluster::Shutdown>(message)) {
                return std::nullopt;
            }
        }
        std::vector<pollfd> nothing_else;
        cluster::IdleWait{transport}(nothing_else, cluster::steady_clock() - began);
    }
}

}  // namespace

}  // namespace hpogrid::program
