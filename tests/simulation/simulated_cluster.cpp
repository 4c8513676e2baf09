#include "tests/simulation/simulated_cluster.hpp"

#include "engine/core/overloaded.hpp"
#include "engine/schedulers/registry.hpp"
#include "engine/space/space.hpp"
#include "engine/study/event_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace hpogrid::simulation {

SimulatedCluster::SimulatedCluster(const Scenario& scenario)
    : scenario_{scenario},
      random_{scenario.seed, 1, RandomPurpose::simulation},
      invariants_{scenario.trials},
      study_{std::make_unique<study::Study>(make_study())} {}

study::Study SimulatedCluster::make_study() const {
    study::Settings settings;
    settings.metric = "loss";
    settings.mode = study::Mode::minimize;
    settings.num_trials = scenario_.trials;
    settings.max_concurrent = scenario_.max_concurrent;
    settings.retries = scenario_.retries;
    settings.lookahead = scenario_.lookahead;
    settings.checkpoints = quota();
    const auto parameters = nlohmann::json::parse(scenario_.scheduler_parameters);
    static const space::Space space{{{"x", space::Uniform{0.0, 1.0}, {}}}};
    return {std::move(settings), schedulers::make_scheduler(scenario_.scheduler, {parameters, scenario_.seed, &space})};
}

study::CheckpointLimits SimulatedCluster::quota() const {
    return {.count = scenario_.kept_checkpoints, .bytes = scenario_.kept_bytes};
}

double SimulatedCluster::exponential(double mean) {
    return -mean * std::log(random_.uniform());
}

void SimulatedCluster::after(double delay, std::function<void()> what) {
    at(now_ + delay, std::move(what));
}

void SimulatedCluster::at(double time, std::function<void()> what) {
    future_.push({time, happened_++, std::move(what)});
}

std::vector<std::string> SimulatedCluster::run() {
    begin_time_budget();
    for (std::uint32_t worker = 0; worker < scenario_.workers; ++worker) {
        start_worker(WorkerId{worker + 1});
    }
    if (scenario_.crash_interval > 0) {
        after(exponential(scenario_.crash_interval), [this] { crash_controller(); });
    }
    if (scenario_.stop_at > 0) {
        after(scenario_.stop_at, [this] { deliver(study::StopRequested{study::StopReason::signal, now_}); });
    }
    // Nothing that can still finish takes longer than this.
    constexpr double patience = 1e7;
    while (!finished_ && !future_.empty() && now_ < patience) {
        Happening next = future_.top();
        future_.pop();
        now_ = next.time;
        next.what();
    }
    const bool whole = !study_->stop_requested() && scenario_.stop_at <= 0 && scenario_.points >= scenario_.trials;
    invariants_.check_end(*study_, whole);
    invariants_.check_checkpoints(*study_, disk_, quota());
    return invariants_.violations();
}

void SimulatedCluster::start_worker(WorkerId id) {
    const double speed = 1.0 + (scenario_.slowest - 1.0) * random_.uniform();
    const SimulatedWorker::Behaviour behaviour{
        scenario_.trial_duration * speed, scenario_.failure_rate,    scenario_.nan_rate, scenario_.save_rate,
        scenario_.save_failure_rate,      scenario_.lost_files_rate, scenario_.seed,     scenario_.steady};
    const std::uint64_t incarnation = incarnation_;
    auto self = std::make_shared<std::weak_ptr<SimulatedWorker>>();
    const auto is_alive = [self] {
        const auto worker = self->lock();
        return worker && worker->alive();
    };
    WorkerSurroundings surroundings;
    surroundings.now = [this] { return now_; };
    surroundings.after = [this, is_alive](double delay, std::function<void()> what) {
        after(delay, [is_alive, what = std::move(what)] {
            if (is_alive()) {
                what();
            }
        });
    };
    surroundings.send = [this, id, self, incarnation](study::Event event) {
        // Messages of one worker keep their order; those of different workers overtake each other.
        double& last = last_arrival_[id];
        last = std::max(last, now_ + scenario_.message_delay * random_.uniform());
        // Joining twice means being born again, so that message is never doubled.
        const bool doubled = scenario_.duplicate_messages && !std::holds_alternative<study::WorkerJoined>(event);
        const int copies = doubled && random_.uniform() < 0.1 ? 2 : 1;
        for (int copy = 0; copy < copies; ++copy) {
            at(last, [this, id, self, incarnation, event] {
                if (incarnation == incarnation_) {
                    if (std::holds_alternative<study::WorkerJoined>(event)) {
                        joined_[id] = *self;
                    }
                    deliver(event);
                }
            });
        }
    };
    surroundings.write = [this](const study::Checkpoint& checkpoint) { disk_.insert(folder_name(checkpoint)); };
    surroundings.is_there = [this](const study::Checkpoint& checkpoint) {
        return disk_.contains(folder_name(checkpoint));
    };
    surroundings.violate = [this](std::string what) { invariants_.violate(std::move(what)); };
    const auto worker = std::make_shared<SimulatedWorker>(
        id, scenario_.slots, behaviour,
        RandomStream{scenario_.seed, static_cast<std::uint32_t>(happened_), RandomPurpose::simulation}, surroundings);
    *self = worker;
    workers_[id] = worker;
    surroundings.send(study::WorkerJoined{id, scenario_.slots, "node", "", now_});
    if (scenario_.worker_lifetime > 0) {
        after(exponential(scenario_.worker_lifetime),
              [this, id, expected = worker.get()] { kill_worker(id, expected); });
    }
}

void SimulatedCluster::kill_worker(WorkerId id, const SimulatedWorker* expected) {
    const auto worker = workers_[id];
    if (worker.get() != expected || !worker->alive()) {
        return;
    }
    worker->die();
    const std::uint64_t incarnation = incarnation_;
    // What it sent before its death may still arrive, before or after the death is noticed.
    after(scenario_.message_delay * 3 * random_.uniform(), [this, id, incarnation] {
        if (incarnation == incarnation_) {
            deliver(study::WorkerLost{id, "simulated death", now_});
        }
    });
    if (scenario_.rejoin_delay > 0) {
        after(scenario_.message_delay * 4 + exponential(scenario_.rejoin_delay), [this, id, incarnation, worker] {
            if (incarnation == incarnation_ && workers_[id] == worker) {
                start_worker(id);
            }
        });
    }
}

void SimulatedCluster::crash_controller() {
    ++crashes_;
    auto restored = std::make_unique<study::Study>(make_study());
    std::vector<study::Action> ignored;
    for (const auto& bytes : recorded_) {
        ByteReader reader{bytes};
        restored->apply(study::decode_event(reader), ignored);
        reader.expect_end();
    }
    invariants_.check_replay(*study_, *restored);
    study_ = std::move(restored);
    resume_study();
    constexpr std::size_t most_crashes = 20;
    if (crashes_ < most_crashes) {
        after(exponential(scenario_.crash_interval), [this] { crash_controller(); });
    }
}

/// By a new controller process with new workers.
void SimulatedCluster::resume_study() {
    ++incarnation_;
    for (auto& [id, worker] : workers_) {
        worker->die();
    }
    sweep_disk();
    suggested_ = study_->trials().size();
    deliver(study::StudyResumed{now_});
    begin_time_budget();
    for (std::uint32_t worker = 0; worker < scenario_.workers; ++worker) {
        start_worker(WorkerId{worker + 1});
    }
}

void SimulatedCluster::begin_time_budget() {
    if (scenario_.time_budget <= 0) {
        return;
    }
    deadline_ = now_ + scenario_.time_budget;
    deliver(study::DeadlineSet{deadline_, now_});
    const double messages_and_stops = 10 * scenario_.message_delay + scenario_.trial_duration / 100;
    after(scenario_.time_budget + messages_and_stops, [this, incarnation = incarnation_] {
        if (incarnation == incarnation_) {
            stop_for_time();
        }
    });
    constexpr double looks = 50;
    for (double look = 1; look < looks; ++look) {
        after(look / looks * scenario_.time_budget, [this, incarnation = incarnation_] {
            if (incarnation == incarnation_) {
                keep_time_budget();
            }
        });
    }
}

void SimulatedCluster::keep_time_budget() {
    for (const TrialId id : study_->running_out_of_time(now_, scenario_.time_budget / 20)) {
        const study::Trial& trial = study_->trial(id);
        send_to_worker(trial.worker,
                       [id, attempt = trial.attempt](SimulatedWorker& worker) { worker.leave(id, attempt); });
    }
}

void SimulatedCluster::stop_for_time() {
    if (study_->stop_requested()) {
        return;
    }
    // Before the first of them has completed, nobody can know how long trials are.
    cut_off_ += study_->counts().completed > 0 ? study_->counts().running : 0;
    deliver(study::StopRequested{study::StopReason::time_budget, now_});
    for (auto& [id, worker] : workers_) {
        if (worker->alive()) {
            worker->cancel_all();
        }
    }
}

void SimulatedCluster::deliver(study::Event event) {
    if (scenario_.time_budget > 0 && deadline_ > 0) {
        apply(study::TimePassed{now_});
    }
    apply(event);
    if (study_->out_of_time()) {
        if (scenario_.steady && study_->counts().queued > 0 && deadline_ - now_ > scenario_.trial_duration * 1.01) {
            invariants_.violate(fmt::format("{} s are left for a trial, and the study stops", deadline_ - now_));
        }
        stop_for_time();
    }
}

void SimulatedCluster::apply(const study::Event& event) {
    ByteWriter writer;
    study::encode(event, writer);
    if (scenario_.crash_interval > 0) {
        recorded_.push_back(writer.take());
    }
    std::vector<study::Action> actions;
    study_->apply(event, actions);
    invariants_.check(event, *study_);
    // Looks at every trial: seldom enough to cost no more than the events themselves.
    if (happened_ % (16 + study_->trials().size()) == 0) {
        invariants_.check_checkpoints(*study_, disk_, quota());
    }
    for (const study::Action& action : actions) {
        act(action);
    }
}

void SimulatedCluster::act(const study::Action& action) {
    std::visit(Overloaded{
                   [&](const study::AskOptimizer& ask) {
                       const std::uint64_t incarnation = incarnation_;
                       after(scenario_.suggestion_delay * random_.uniform(), [this, incarnation, count = ask.count] {
                           if (incarnation == incarnation_) {
                               suggest(count);
                           }
                       });
                   },
                   [](const study::TellOptimizer&) {},
                   [&](const study::StartTrial& start) {
                       invariants_.check_start(start, *study_);
                       continuations_ += start.checkpoint ? 1 : 0;
                       send_to_worker(start.worker, [start](SimulatedWorker& worker) { worker.order(start); });
                   },
                   [&](const study::ProceedTrial& proceed) {
                       send_to_worker(proceed.worker, [proceed](SimulatedWorker& worker) { worker.proceed(proceed); });
                   },
                   [&](const study::StopTrial& stop) {
                       send_to_worker(stop.worker,
                                      [stop](SimulatedWorker& worker) { worker.stop(stop.trial, stop.attempt); });
                   },
                   [&](const study::RemoveCheckpoint& remove) { disk_.erase(folder_name(remove.checkpoint)); },
                   [&](const study::FinishStudy&) { finish_run(); },
               },
               action);
}

void SimulatedCluster::finish_run() {
    const bool out_of_time = scenario_.time_budget > 0 && study_->stop_requested() && scenario_.stop_at <= 0;
    if (!out_of_time || runs_ >= scenario_.runs) {
        finished_ = true;
        return;
    }
    ++runs_;
    // Not from within the event that finished it.
    after(0.0, [this, incarnation = incarnation_] {
        if (incarnation == incarnation_) {
            resume_study();
        }
    });
}

/// Removals that were decided and not carried out, and checkpoints that nobody heard of.
void SimulatedCluster::sweep_disk() {
    std::set<std::string> needed;
    for (const study::Checkpoint& checkpoint : study_->checkpoints().all()) {
        needed.insert(folder_name(checkpoint));
    }
    std::erase_if(disk_, [&](const std::string& name) { return !needed.contains(name); });
}

void SimulatedCluster::suggest(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        if (suggested_ >= scenario_.points) {
            deliver(study::SuggestionsExhausted{});
            return;
        }
        ++suggested_;
        deliver(study::Suggested{{space::Value{random_.uniform()}}, "random"});
    }
}

void SimulatedCluster::send_to_worker(WorkerId id, std::function<void(SimulatedWorker&)> message) {
    // One constant delay keeps the order of messages to a worker.
    after(scenario_.message_delay / 2, [joined = joined_[id], message = std::move(message)] {
        const auto worker = joined.lock();
        if (worker && worker->alive()) {
            message(*worker);
        }
    });
}

}  // namespace hpogrid::simulation
