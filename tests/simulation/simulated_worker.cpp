#include "tests/simulation/simulated_worker.hpp"

#include "tests/simulation/scenario.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

namespace hpogrid::simulation {

SimulatedWorker::SimulatedWorker(WorkerId id, std::uint32_t slots, Behaviour behaviour, RandomStream random,
                                 WorkerSurroundings surroundings)
    : id_{id}, slots_{slots}, behaviour_{behaviour}, random_{random}, surroundings_{std::move(surroundings)} {}

void SimulatedWorker::order(const study::StartTrial& start) {
    for (const auto& [slot, running] : running_) {
        if (running.trial == start.trial) {
            surroundings_.violate(fmt::format("trial {} is ordered on a worker that runs it", start.trial.value));
        }
    }
    if (start.checkpoint && random_.uniform() < behaviour_.lost_files_rate) {
        surroundings_.send(study::CheckpointLost{start.trial, start.attempt, "simulated loss"});
        return;
    }
    waiting_.push_back(start);
    start_waiting();
}

void SimulatedWorker::proceed(const study::ProceedTrial& proceed) {
    for (auto& [slot, running] : running_) {
        if (running.trial == proceed.trial && running.attempt == proceed.attempt && running.waits) {
            running.waits = false;
            running.milestone = proceed.milestone;
            step_later(slot);
        }
    }
}

void SimulatedWorker::stop(TrialId trial, std::uint32_t attempt) {
    std::erase_if(waiting_, [&](const auto& start) { return start.trial == trial && start.attempt == attempt; });
    for (auto& [slot, running] : running_) {
        if (running.trial == trial && running.attempt == attempt && !running.stopped) {
            running.stopped = true;
            surroundings_.after(0.05 * random_.uniform() * running.step, [this, slot = slot, trial, attempt] {
                const auto found = running_.find(slot);
                if (found != running_.end() && found->second.trial == trial && found->second.attempt == attempt) {
                    end(slot, study::Outcome::stopped);
                }
            });
        }
    }
}

void SimulatedWorker::leave(TrialId trial, std::uint32_t attempt) {
    for (auto& [slot, running] : running_) {
        running.leaving = running.leaving || (running.trial == trial && running.attempt == attempt);
    }
}

void SimulatedWorker::cancel_all() {
    waiting_.clear();
    while (!running_.empty()) {
        end(running_.begin()->first, study::Outcome::cancelled);
    }
}

void SimulatedWorker::start_waiting() {
    for (std::uint32_t slot = 0; slot < slots_ && !waiting_.empty(); ++slot) {
        if (running_.contains(slot)) {
            continue;
        }
        const study::StartTrial start = waiting_.front();
        waiting_.pop_front();
        if (start.checkpoint && !surroundings_.is_there(*start.checkpoint)) {
            surroundings_.violate(fmt::format("checkpoint {} was removed before trial {} started from it",
                                              folder_name(*start.checkpoint), start.trial.value));
        }
        constexpr std::uint64_t most_reports = Scenario::steady_reports;
        RandomStream own{behaviour_.seed, start.trial.value, RandomPurpose::simulation};
        const auto reports = static_cast<double>(behaviour_.steady ? most_reports : 1 + own.below(most_reports));
        const double duration =
            behaviour_.steady ? behaviour_.duration : -behaviour_.duration * std::log(random_.uniform());
        running_.emplace(slot, Attempt{.trial = start.trial,
                                       .attempt = start.attempt,
                                       .last_iteration = reports,
                                       .step = duration / reports,
                                       .iteration = start.checkpoint ? start.checkpoint->iteration : 0.0,
                                       .milestone = start.milestone});
        surroundings_.send(study::TrialStarted{start.trial, start.attempt, id_, SlotId{slot}, surroundings_.now()});
        step_later(slot);
    }
}

void SimulatedWorker::step_later(std::uint32_t slot) {
    const Attempt& attempt = running_.at(slot);
    surroundings_.after(attempt.step, [this, slot, trial = attempt.trial, number = attempt.attempt] {
        const auto later = running_.find(slot);
        if (later != running_.end() && later->second.trial == trial && later->second.attempt == number) {
            step(slot);
        }
    });
}

void SimulatedWorker::step(std::uint32_t slot) {
    const auto found = running_.find(slot);
    if (found == running_.end() || found->second.stopped) {
        return;
    }
    Attempt& attempt = found->second;
    if (random_.uniform() < behaviour_.failure_rate / 3) {
        end(slot, random_.uniform() < 0.5 ? study::Outcome::failed : study::Outcome::oom);
        return;
    }
    const bool is_nan = random_.uniform() < behaviour_.nan_rate;
    const double loss = is_nan ? std::numeric_limits<double>::quiet_NaN() : random_.uniform();
    const double iteration = ++attempt.iteration;
    const bool at_its_end = iteration >= attempt.last_iteration;
    attempt.waits = iteration >= attempt.milestone && !at_its_end;
    if (attempt.leaving && !at_its_end) {
        save(attempt);
        report(attempt, loss);
        end(slot, study::Outcome::cancelled);
        return;
    }
    if (random_.uniform() < (attempt.waits ? 1.0 - behaviour_.save_failure_rate : behaviour_.save_rate)) {
        save(attempt);
    }
    report(attempt, loss);
    if (attempt.waits) {
        return;
    }
    if (at_its_end) {
        end(slot, study::Outcome::completed);
    } else {
        step_later(slot);
    }
}

void SimulatedWorker::report(const Attempt& attempt, double loss) {
    const study::Metrics metrics{{"loss", loss}, {"training_iteration", attempt.iteration}};
    surroundings_.send(
        study::TrialReported{attempt.trial, attempt.attempt, {attempt.iteration, surroundings_.now(), metrics}});
}

void SimulatedWorker::save(Attempt& attempt) {
    const study::Checkpoint checkpoint{attempt.trial, attempt.attempt, ++attempt.saved, attempt.iteration,
                                       1 + random_.below(1000)};
    surroundings_.write(checkpoint);
    surroundings_.send(study::CheckpointSaved{checkpoint});
}

void SimulatedWorker::end(std::uint32_t slot, study::Outcome outcome) {
    const Attempt attempt = running_.at(slot);
    running_.erase(slot);
    surroundings_.send(study::TrialEnded{attempt.trial, attempt.attempt, outcome, "", "", surroundings_.now()});
    start_waiting();
}

}  // namespace hpogrid::simulation
