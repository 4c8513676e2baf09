#include "engine/program/worker_rank.hpp"

#include "engine/cluster/idle_wait.hpp"
#include "engine/cluster/machine_share.hpp"
#include "engine/cluster/message.hpp"
#include "engine/cluster/wall_clock.hpp"
#include "engine/cluster/worker.hpp"
#include "engine/cluster/worker_settings.hpp"
#include "engine/trials/make_evaluator.hpp"
#include "engine/trials/process_tree.hpp"

#include <poll.h>
#include <unistd.h>

#include <optional>
#include <utility>
#include <variant>

namespace hpogrid::program {
namespace {

/// Rank 0 speaks first: settings, or at once a dismissal when the user's input was bad.
using FirstWord = std::variant<cluster::WorkerSettings, WorkerResult>;

FirstWord wait_for_settings(cluster::Transport& transport, const std::optional<cluster::ProcessWatch>& controller) {
    const double began = cluster::steady_clock();
    while (true) {
        while (const auto envelope = transport.receive()) {
            const cluster::Message message = cluster::decode_message(envelope->bytes);
            if (const auto* settings = std::get_if<cluster::Settings>(&message)) {
                return cluster::worker_settings_from_text(settings->text);
            }
            if (std::holds_alternative<cluster::Shutdown>(message)) {
                return WorkerResult::dismissed;
            }
        }
        if (controller && controller->ended()) {
            return WorkerResult::controller_lost;
        }
        std::vector<pollfd> nothing_else;
        cluster::IdleWait{transport}(nothing_else, cluster::steady_clock() - began);
    }
}

}  // namespace

WorkerResult run_worker(cluster::Transport& transport, const NodePlace& place) {
    cluster::Worker::Options options;
    if (place.controller) {
        options.controller.emplace(*place.controller);
    }
    const FirstWord first = wait_for_settings(transport, options.controller);
    if (const auto* ended = std::get_if<WorkerResult>(&first)) {
        return *ended;
    }
    const auto& settings = std::get<cluster::WorkerSettings>(first);
    trials::become_subreaper();
    const cluster::MachineShare share = cluster::share_machine(settings, place.index, place.count);
    trials::Surroundings surroundings = settings.surroundings;
    surroundings.gpus_of_slot = share.gpus_of_slot;
    surroundings.threads = share.threads;
    surroundings.slots = share.slots;
    const auto evaluator = trials::make_evaluator(settings.evaluator, std::move(surroundings));
    transport.send(0, cluster::encode(cluster::Hello{
                          .host = place.host, .slots = share.slots, .gpu = share.description, .process = ::getpid()}));
    cluster::Worker worker{transport, *evaluator, std::move(options)};
    return worker.run() == cluster::WorkerEnd::dismissed ? WorkerResult::dismissed : WorkerResult::controller_lost;
}

}  // namespace hpogrid::program
