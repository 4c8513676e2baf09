#include "engine/cluster/controller.hpp"

#include "engine/cluster/idle_wait.hpp"
#include "engine/core/error.hpp"
#include "engine/core/overloaded.hpp"
#include "engine/core/wall_clock.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace hpogrid::cluster {
namespace {

std::string own_host() {
    std::string name(256, '\0');
    ::gethostname(name.data(), name.size() - 1);
    return name.c_str();
}

}  // namespace

Controller::Controller(Parts parts, Options options)
    : parts_{std::move(parts)},
      options_{options},
      liveness_{options.worker_silence},
      budget_{options.time_budget},
      clock_{budget_.resolution()},
      lookout_{budget_.resolution()} {}

ControllerEnd Controller::run() {
    start_ = steady_clock();
    last_active_ = start_;
    budget_.start(start_);
    if (budget_.is_limited()) {
        events_.emplace_back(study::DeadlineSet{wall_clock() + budget_.deadline(), wall_clock()});
    }
    while (true) {
        const double now = steady_clock();
        awake_now_ = awake_.tick(now);
        gather_messages();
        gather_deaths();
        gather_signals(now);
        std::ranges::move(parts_.suggester.collect(), std::back_inserter(events_));
        const bool active = send_checkpoint_replies() || !events_.empty();
        keep_time_budget(now);
        commit_and_apply();
        for (StudyObserver* observer : parts_.observers) {
            observer->on_turn(parts_.study);
        }
        send_heartbeats(now);
        if (const auto how = end(now)) {
            return *how;
        }
        if (active) {
            last_active_ = now;
        } else {
            wait();
        }
    }
}

void Controller::gather_messages() {
    // A turn takes in a bounded amount, so that journal and decisions keep up with a flood of reports.
    constexpr std::size_t most_events_a_turn = 16384;
    while (events_.size() < most_events_a_turn) {
        const auto envelope = parts_.transport.receive();
        if (!envelope) {
            return;
        }
        const WorkerId worker{static_cast<std::uint32_t>(envelope->source)};
        try {
            handle(decode_message(envelope->bytes), worker);
        } catch (const FormatError& error) {
            any_malformed_ = true;
            give_up(worker, fmt::format("rank {} sent a malformed message: {}", worker.value, error.what()));
        }
    }
}

void Controller::handle(Message message, WorkerId worker) {
    if (liveness_.heard_from(worker, awake_now_)) {
        parts_.transport.send(static_cast<int>(worker.value), parts_.worker_settings);
    }
    std::visit(Overloaded{
                   [&](Hello& hello) {
                       if (!hello.shares_checkpoints) {
                           distant_.insert(worker);
                       }
                       copies_.joined(worker, hello.copying_node);
                       const bool same_host = hello.host == own_host();
                       liveness_.joined(worker, awake_now_,
                                        same_host ? std::optional{static_cast<pid_t>(hello.process)} : std::nullopt);
                       any_joined_ = true;
                       events_.emplace_back(study::WorkerJoined{worker, hello.slots, std::move(hello.host),
                                                                std::move(hello.gpu), wall_clock()});
                   },
                   [&](Events& report) { take_in(std::move(report.events), worker); },
                   [&](Heartbeat&) {},
                   [&](Goodbye& goodbye) { let_go(worker, std::move(goodbye.reason)); },
                   [&](CopyingEnded&) { copies_.left(worker); },
                   [&](CheckpointOffered& offered) { parts_.checkpoints.handle(worker, std::move(offered)); },
                   [&](CheckpointWanted& wanted) { parts_.checkpoints.handle(worker, std::move(wanted)); },
                   [&](CheckpointPart& part) { parts_.checkpoints.handle(worker, std::move(part)); },
                   [&](CheckpointMissing& missing) { parts_.checkpoints.handle(worker, std::move(missing)); },
                   [&](auto&) { throw FormatError{"a message that only the controller may send"}; },
               },
               message);
}

void Controller::take_in(std::vector<study::Event> reported, WorkerId worker) {
    if (!liveness_.knows(worker)) {
        // Given up, yet alive: its trials run elsewhere by now.
        return;
    }
    to_acknowledge_[worker] += static_cast<std::uint32_t>(reported.size());
    for (study::Event& event : reported) {
        const bool of_trial =
            std::holds_alternative<study::TrialStarted>(event) || std::holds_alternative<study::TrialReported>(event) ||
            std::holds_alternative<study::TrialEnded>(event) || std::holds_alternative<study::CheckpointSaved>(event) ||
            std::holds_alternative<study::CheckpointLost>(event);
        if (!of_trial) {
            throw FormatError{"an event that only the controller may make"};
        }
        if (const auto* saved = std::get_if<study::CheckpointSaved>(&event)) {
            copies_.saved(folder_name(saved->checkpoint), worker);
        }
        any_started_ |= std::holds_alternative<study::TrialStarted>(event);
        events_.push_back(std::move(event));
    }
}

void Controller::give_up(WorkerId worker, std::string reason) {
    liveness_.left(worker);
    parts_.transport.forget(static_cast<int>(worker.value));
    lose(worker, std::move(reason));
}

void Controller::lose(WorkerId worker, std::string reason) {
    copies_.left(worker);
    if (distant_.erase(worker) > 0) {
        parts_.checkpoints.forget(worker);
    }
    ++lost_;
    events_.emplace_back(study::WorkerLost{worker, std::move(reason), wall_clock()});
}

void Controller::let_go(WorkerId worker, std::string reason) {
    liveness_.left(worker);
    // What is wrong with the script hinders all of them, and may be a long traceback.
    const std::string told = reason == hindrance_ ? "the same" : reason;
    if (hindrance_.empty()) {
        hindrance_ = std::move(reason);
    }
    lose(worker, fmt::format("rank {} cannot go on: {}", worker.value, told));
}

void Controller::gather_deaths() {
    for (Liveness::Death& death : liveness_.deaths(awake_now_)) {
        any_died_ |= death.certain;
        if (death.certain) {
            parts_.transport.forget(static_cast<int>(death.worker.value));
        }
        if (!death.given_up) {
            lose(death.worker, std::move(death.reason));
        }
    }
}

LostRanks Controller::lost_ranks() const noexcept {
    if (any_malformed_ || liveness_.absent() > 0) {
        return LostRanks::silent;
    }
    return any_died_ ? LostRanks::dead : LostRanks::none;
}

void Controller::gather_signals(double now) {
    while (parts_.signals.take()) {
        // A second signal is impatience: no more grace.
        const double grace = stop_requested_ ? 0.0 : options_.signal_grace;
        request_stop(study::StopReason::signal, now + grace, now + grace + options_.signal_kill_allowance);
    }
}

void Controller::keep_time_budget(double now) {
    if (stop_requested_ || !budget_.is_limited()) {
        return;
    }
    if (budget_.is_over(now) || parts_.study.out_of_time()) {
        request_stop(study::StopReason::time_budget, now, now + budget_.kill_allowance());
        return;
    }
    // Told to nobody who has not asked, since it goes into the journal.
    if (!events_.empty() && clock_.ticks(now)) {
        events_.insert(events_.begin(), study::TimePassed{wall_clock()});
    }
    if (!lookout_.ticks(now)) {
        return;
    }
    for (const TrialId trial : parts_.study.running_out_of_time(wall_clock(), budget_.warning())) {
        const study::Trial& running = parts_.study.trial(trial);
        if (leaving_.emplace(trial, running.attempt).second) {
            send_stop(running.worker, trial, trials::StopCause::leaving);
        }
    }
}

void Controller::request_stop(study::StopReason reason, double cancel_at, double give_up_at) {
    cancel_at_ = cancel_at;
    give_up_at_ = give_up_at;
    if (std::exchange(stop_requested_, true)) {
        return;
    }
    events_.emplace_back(study::StopRequested{reason, wall_clock()});
    for (const study::Worker& worker : parts_.study.workers()) {
        for (const TrialId trial : worker.assigned) {
            send_stop(worker.id, trial, trials::StopCause::cancelled);
        }
        for (const TrialId trial : worker.running) {
            send_stop(worker.id, trial, trials::StopCause::leaving);
        }
    }
}

void Controller::commit_and_apply() {
    if (events_.empty()) {
        return;
    }
    for (const study::Event& event : events_) {
        parts_.journal.append(event);
    }
    parts_.journal.commit();
    std::vector<study::Action> actions;
    for (const study::Event& event : events_) {
        parts_.study.apply(event, actions);
        for (StudyObserver* observer : parts_.observers) {
            observer->on_event(event, parts_.study);
        }
    }
    events_.clear();
    perform(actions);
    for (const auto& [worker, count] : std::exchange(to_acknowledge_, {})) {
        parts_.transport.send(static_cast<int>(worker.value), encode(Acknowledge{count}));
    }
}

void Controller::perform(std::vector<study::Action>& actions) {
    std::map<WorkerId, std::vector<trials::TrialOrder>> orders;
    const auto send_orders = [&](WorkerId worker, std::vector<trials::TrialOrder>&& batch) {
        parts_.transport.send(static_cast<int>(worker.value), encode(Assign{std::move(batch)}));
    };
    for (study::Action& action : actions) {
        std::visit(Overloaded{
                       [&](study::AskOptimizer& ask) { parts_.suggester.ask(ask.count); },
                       [&](study::TellOptimizer& tell) { parts_.suggester.tell(std::move(tell.observation)); },
                       [&](study::StartTrial& start) {
                           send_copy(start);
                           orders[start.worker].push_back(parts_.make_order(start, parts_.study.trial(start.trial)));
                       },
                       [&](study::StopTrial& stop) {
                           // Messages to one worker keep their order: the order to start must go out first.
                           if (auto batch = orders.extract(stop.worker)) {
                               send_orders(stop.worker, std::move(batch.mapped()));
                           }
                           send_stop(stop.worker, stop.trial, trials::StopCause::stopped);
                       },
                       [&](study::ProceedTrial& proceed) {
                           const Proceed message{proceed.trial, proceed.attempt, proceed.milestone};
                           parts_.transport.send(static_cast<int>(proceed.worker.value), encode(message));
                       },
                       [&](study::RemoveCheckpoint& remove) { remove_checkpoint(remove.checkpoint); },
                       // A later event of the same turn may have planned more trials.
                       [&](study::FinishStudy&) { finished_ = parts_.study.finished(); },
                   },
                   action);
    }
    for (auto& [worker, batch] : orders) {
        send_orders(worker, std::move(batch));
    }
}

void Controller::send_copy(const study::StartTrial& start) {
    if (!start.checkpoint) {
        return;
    }
    if (const auto copy = copies_.match(folder_name(*start.checkpoint), start.worker)) {
        for (const std::uint32_t worker : {copy->from, copy->to}) {
            parts_.transport.send(static_cast<int>(worker), encode(*copy));
        }
    }
}

void Controller::remove_checkpoint(const study::Checkpoint& checkpoint) {
    copies_.removed(folder_name(checkpoint));
    parts_.checkpoints.remove(checkpoint);
    for (const WorkerId worker : distant_) {
        parts_.transport.send(static_cast<int>(worker.value), encode(CheckpointDropped{folder_name(checkpoint)}));
    }
}

bool Controller::send_checkpoint_replies() {
    const auto replies = parts_.checkpoints.take_replies();
    for (const auto& [worker, message] : replies) {
        if (distant_.contains(worker)) {
            parts_.transport.send(static_cast<int>(worker.value), encode(message));
        }
    }
    return !replies.empty();
}

void Controller::send_stop(WorkerId worker, TrialId trial, trials::StopCause cause) {
    const std::uint32_t attempt = parts_.study.trial(trial).attempt;
    parts_.transport.send(static_cast<int>(worker.value), encode(Stop{trial, attempt, cause}));
}

void Controller::cancel_running() {
    for (const study::Worker& worker : parts_.study.workers()) {
        for (const TrialId trial : worker.running) {
            send_stop(worker.id, trial, trials::StopCause::cancelled);
        }
    }
}

void Controller::give_up_running() {
    for (const study::Worker& worker : parts_.study.workers()) {
        for (const TrialId trial : worker.running) {
            events_.emplace_back(study::TrialEnded{trial, parts_.study.trial(trial).attempt, study::Outcome::cancelled,
                                                   "the study was stopped", "", wall_clock()});
        }
    }
    commit_and_apply();
}

void Controller::send_heartbeats(double now) {
    if (now - last_heartbeat_ < options_.heartbeat_interval) {
        return;
    }
    last_heartbeat_ = now;
    for (const study::Worker& worker : parts_.study.workers()) {
        if (liveness_.knows(worker.id)) {
            parts_.transport.send(static_cast<int>(worker.id.value), encode(Heartbeat{}));
        }
    }
}

std::optional<ControllerEnd> Controller::end(double now) {
    if (cancel_at_ && now >= *cancel_at_) {
        cancel_at_.reset();
        cancel_running();
    }
    if (give_up_at_ && now >= *give_up_at_ && !finished_) {
        give_up_running();
        return ControllerEnd::stopped;
    }
    if (finished_) {
        return stop_requested_ ? ControllerEnd::stopped : ControllerEnd::finished;
    }
    const auto workers = static_cast<std::size_t>(std::max(1, parts_.transport.size() - 1));
    const bool one_may_return = liveness_.any_absent_since(awake_now_ - options_.return_timeout);
    const bool all_died = liveness_.size() == 0 && (any_joined_ || lost_ == workers) && !one_may_return;
    const bool none_came = !any_joined_ && now - start_ > options_.join_timeout;
    if (all_died && !hindrance_.empty() && lost_ranks() == LostRanks::none && !any_started_) {
        return ControllerEnd::none_can_evaluate;
    }
    if (all_died || none_came) {
        return ControllerEnd::no_workers_left;
    }
    return std::nullopt;
}

void Controller::wait() {
    std::vector<pollfd> descriptors{{parts_.signals.descriptor(), POLLIN, 0},
                                    {parts_.suggester.descriptor(), POLLIN, 0}};
    liveness_.add_descriptors(descriptors);
    IdleWait{parts_.transport}(descriptors, steady_clock() - last_active_);
}

}  // namespace hpogrid::cluster
