#include "engine/program/worker_rank.hpp"

#include "engine/cluster/checkpoints/checkpoint_copies.hpp"
#include "engine/cluster/checkpoints/checkpoint_courier.hpp"
#include "engine/cluster/checkpoints/sharing_probe.hpp"
#include "engine/cluster/collectives/node_group.hpp"
#include "engine/cluster/idle_wait.hpp"
#include "engine/cluster/machine_share.hpp"
#include "engine/cluster/message.hpp"
#include "engine/cluster/worker.hpp"
#include "engine/cluster/worker_settings.hpp"
#include "engine/core/error.hpp"
#include "engine/core/wall_clock.hpp"
#include "engine/trials/make_evaluator.hpp"
#include "engine/trials/native/recent_checkpoints.hpp"
#include "engine/trials/plugin/plugin_evaluator.hpp"
#include "engine/trials/process/process_tree.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
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

/// Else each trial would fail on it, one after the other.
void refuse_unusable_plugin(const trials::EvaluatorSpec& spec, const trials::Surroundings& surroundings) {
    constexpr std::chrono::seconds patience{300};
    if (const auto* plugin = std::get_if<trials::Plugin>(&spec)) {
        if (const auto problem = trials::check_plugin(*plugin, surroundings, patience)) {
            throw InputError{fmt::format("{}: cannot be used: {}", plugin->library.string(), *problem)};
        }
    }
}

/// The workers of this machine, where they have data in common.
std::unique_ptr<cluster::NodeGroup> node_group(const NodePlace& place, const trials::EvaluatorSpec& spec) {
    const bool shares = place.channel != nullptr && std::holds_alternative<trials::Native>(spec);
    return shares ? std::make_unique<cluster::NodeGroup>(*place.channel, place.workers) : nullptr;
}

void join_gpus(cluster::NodeGroup& group, const std::vector<std::string>& gpus_of_slot) {
    const std::string visible = gpus_of_slot.empty() ? "" : gpus_of_slot.front();
    // One is enough to bring the data to this process.
    const std::string problem = group.join_gpus(visible.substr(0, visible.find(',')));
    if (!problem.empty() && group.collectives().rank() == 0) {
        fmt::print(stderr, "hpogrid-engine: data goes to the GPUs of this node by messages, not by NCCL: {}\n",
                   problem);
    }
}

/// The same for all workers of a machine. Rank 0 is no worker where they are several.
std::uint32_t node_number(const NodePlace& place) {
    return static_cast<std::uint32_t>(place.workers.front().rank);
}

/// Null where there is nobody to copy from, or the group broke while data went round.
std::unique_ptr<cluster::CheckpointCopies> checkpoint_copies(cluster::NodeGroup* group, const NodePlace& place,
                                                             trials::RecentCheckpoints& recent) {
    if (group == nullptr) {
        return nullptr;
    }
    // What is to be copied lies in the memory of the host: there and back through two GPUs it would only take longer.
    group->leave_gpus();
    if (place.workers.size() == 1 || group->messages().advance() == kernels::Transfer::failed) {
        return nullptr;
    }
    std::vector<int> ranks;
    for (const cluster::NodeWorker& worker : place.workers) {
        ranks.push_back(worker.rank);
    }
    return std::make_unique<cluster::CheckpointCopies>(group->messages(), std::move(ranks), recent);
}

/// Until it is dismissed, or called back: all that it has is gone when this returns.
cluster::WorkerEnd evaluate_trials(cluster::Transport& transport, const NodePlace& place,
                                   const cluster::WorkerSettings& settings, const Controller& controller) {
    trials::become_subreaper();
    // Whatever throws below ends the membership: the others must not wait for this worker.
    auto group = node_group(place, settings.evaluator);
    const cluster::MachineShare share = cluster::share_machine(settings, place.index, place.workers.size());
    trials::Surroundings surroundings = settings.surroundings;
    surroundings.gpus_of_slot = share.gpus_of_slot;
    surroundings.threads = share.threads;
    surroundings.worker_threads = share.worker_threads;
    surroundings.slots = share.slots;
    const auto recent = std::make_shared<trials::RecentCheckpoints>();
    surroundings.recent_checkpoints = recent;
    const cluster::CheckpointPlace checkpoints =
        cluster::checkpoint_place(surroundings.checkpoints_folder, settings.checkpoint_probe, transport.rank());
    surroundings.checkpoints_folder = checkpoints.folder;
    std::optional<cluster::CheckpointCourier> courier;
    if (!checkpoints.shared) {
        courier.emplace(checkpoints.folder, transport);
    }
    refuse_unusable_plugin(settings.evaluator, surroundings);
    if (group) {
        join_gpus(*group, share.gpus_of_slot);
        surroundings.node = &group->collectives();
    }
    const auto evaluator = trials::make_evaluator(settings.evaluator, std::move(surroundings));
    // Where the folder is seen, what a worker of this machine has just written is read from the machine's memory
    // anyway, sooner than two workers have passed it on; elsewhere it would go through rank 0.
    auto copies = courier ? checkpoint_copies(group.get(), place, *recent) : nullptr;
    if (!copies) {
        group.reset();
    }
    transport.send(0, cluster::encode(cluster::Hello{.host = place.host,
                                                     .slots = share.slots,
                                                     .gpu = share.description,
                                                     .process = ::getpid(),
                                                     .shares_checkpoints = checkpoints.shared,
                                                     .copying_node = copies ? node_number(place) : 0}));
    cluster::Worker::Options options;
    options.controller = controller ? &*controller : nullptr;
    options.courier = courier ? &*courier : nullptr;
    options.copies = copies.get();
    cluster::Worker worker{transport, *evaluator, std::move(options)};
    const cluster::WorkerEnd end = worker.run();
    if (copies && settings.debug) {
        fmt::print(stderr, "hpogrid-engine: rank {}: {} checkpoints came from the memory of other workers{}\n",
                   transport.rank(), copies->taken(), copies->has_failed() ? ", until one of them failed" : "");
    }
    return end;
}

cluster::WorkerEnd evaluate_until_dismissed(cluster::Transport& transport, NodePlace place,
                                            const cluster::WorkerSettings& settings, const Controller& controller) {
    while (true) {
        const cluster::WorkerEnd end = evaluate_trials(transport, place, settings, controller);
        if (end != cluster::WorkerEnd::called_back) {
            return end;
        }
        // The others of the machine went on without it.
        place.channel = nullptr;
    }
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
            return evaluate_until_dismissed(transport, place, cluster::worker_settings_from_text(settings->text),
                                            controller);
        } catch (const std::exception& error) {
            // Then it listens on for its dismissal: MPI would not end in order without this rank.
            transport.send(0, cluster::encode(cluster::Goodbye{error.what()}));
        }
    }
    return cluster::WorkerEnd::controller_died;
}

}  // namespace hpogrid::program
