#include "engine/program/worker_rank.hpp"

#include "engine/cluster/idle_wait.hpp"
#include "engine/cluster/machine_share.hpp"
#include "engine/cluster/message.hpp"
#include "engine/cluster/worker.hpp"
#include "engine/cluster/worker_settings.hpp"
#include "engine/core/wall_clock.hpp"
#include "engine/trials/make_evaluator.hpp"
#include "engine/trials/process/process_tree.hpp"

#include <poll.h>
#include <unistd.h>

#include <exception>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace hpogrid::program {
namespace {

using Controller = std::optional<cluster::ProcessWatch>;

/// Waits for it as long as it takes; nothing if rank 0 died.
std::optional<cluster::Message> next_message(cluster::Transport& transport, const Controller& controller) {
    const double began = steady_clock();
    while (true) {
        if (const auto envelope = transport.receive()) {
            return cluster::decode_message(envelope->bytes);
        }
        if (controller && controller->ended()) {
            return std::nullopt;
        }
        std::vector<pollfd> nothing_else;
        cluster::IdleWait{transport}(nothing_else, steady_clock() - began);
    }
}

cluster::WorkerEnd evaluate_trials(cluster::Transport& transport, const NodePlace& place,
                                   const cluster::WorkerSettings& settings, const Controller& controller) {
    trials::become_subreaper();
    const cluster::MachineShare share = cluster::share_machine(settings, place.index, place.count);
    trials::Surroundings surroundings = settings.surroundings;
    surroundings.gpus_of_slot = share.gpus_of_slot;
    surroundings.threads = share.threads;
    surroundings.worker_threads = share.worker_threads;
    surroundings.slots = share.slots;
    const auto evaluator = trials::make_evaluator(settings.evaluator, std::move(surroundings));
    transport.send(0, cluster::encode(cluster::Hello{
                          .host = place.host, .slots = share.slots, .gpu = share.description, .process = ::getpid()}));
    cluster::Worker::Options options;
    options.controller = controller ? &*controller : nullptr;
    cluster::Worker worker{transport, *evaluator, std::move(options)};
    return worker.run();
}

}  // namespace

cluster::WorkerEnd run_worker(cluster::Transport& transport, const NodePlace& place) {
    Controller controller;
    if (place.controller) {
        controller.emplace(*place.controller);
    }
    while (const auto message = next_message(transport, controller)) {
        if (const auto* dismissal = std::get_if<cluster::Shutdown>(&*message)) {
            return cluster::Worker::end_of(*dismissal);
        }
        const auto* settings = std::get_if<cluster::Settings>(&*message);
        if (settings == nullptr) {
            continue;
        }
        try {
            return evaluate_trials(transport, place, cluster::worker_settings_from_text(settings->text), controller);
        } catch (const std::exception& error) {
            // Then it listens on for its dismissal: MPI would not end in order without this rank.
            transport.send(0, cluster::encode(cluster::Goodbye{error.what()}));
        }
    }
    return cluster::WorkerEnd::controller_died;
}

}  // namespace hpogrid::program
