#include "engine/program/worker_rank.hpp"

#include "engine/cluster/idle_wait.hpp"
#include "engine/cluster/machine_share.hpp"
#include "engine/cluster/message.hpp"
#include "engine/cluster/wall_clock.hpp"
#include "engine/cluster/worker.hpp"
#include "engine/cluster/worker_settings.hpp"
#include "engine/core/error.hpp"
#include "engine/trials/make_evaluator.hpp"
#include "engine/trials/process_tree.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <optional>
#include <utility>
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

cluster::Worker::Options worker_options(const cluster::WorkerSettings& settings, const std::string& host, bool alone) {
    cluster::Worker::Options options;
    // Alone, controller and worker are one process.
    if (!alone && settings.controller_host == host) {
        options.controller.emplace(static_cast<pid_t>(settings.controller_process));
    }
    return options;
}

}  // namespace

WorkerResult run_worker(cluster::Transport& transport, const NodePlace& place) {
    const auto settings = wait_for_settings(transport);
    if (!settings) {
        return WorkerResult::dismissed;
    }
    trials::become_subreaper();
    const cluster::MachineShare share = cluster::share_machine(*settings, place.index, place.count);
    trials::Surroundings surroundings = settings->surroundings;
    surroundings.gpus_of_slot = share.gpus_of_slot;
    surroundings.threads = share.threads;
    surroundings.slots = share.slots;
    const auto evaluator = trials::make_evaluator(settings->evaluator, std::move(surroundings));
    transport.send(0, cluster::encode(cluster::Hello{
                          .host = place.host, .slots = share.slots, .gpu = share.description, .process = ::getpid()}));
    cluster::Worker worker{transport, *evaluator, worker_options(*settings, place.host, transport.size() == 1)};
    return worker.run() == cluster::WorkerEnd::dismissed ? WorkerResult::dismissed : WorkerResult::controller_lost;
}

}  // namespace hpogrid::program
