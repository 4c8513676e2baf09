#include "tests/simulation/simulated_worker.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

namespace hpogrid::simulation {

SimulatedWorker::SimulatedWorker(WorkerId id, std::uint32_t slots, Behaviour behaviour, RandomStream random,
                                 WorkerSurroundings surroundings)
    : id_{id}, slots_{slots}, behaviour_{behaviour}, random_{random}, surroundings_{std::move(surroundings)} {}

void SimulatedWorker::order(TrialId trial, std::uint32_t attempt) {
    for (const auto& [slot, running] : running_) {
        if (running.trial == trial) {
            surroundings_.violate(fmt::format("trial {} is ordered on a worker that runs it", trial.value));
        }
    }
    waiting_.emplace_back(trial, attempt);
    start_waiting();
}

void SimulatedWorker::stop(TrialId trial, std::uint32_t attempt) {
    std::erase(waiting_, std::pair{trial, attempt});
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

void SimulatedWorker::start_waiting() {
    for (std::uint32_t slot = 0; slot < slots_ && !waiting_.empty(); ++slot) {
        if (running_.contains(slot)) {
            continue;
        }
        const auto [trial, attempt] = waiting_.front();
        waiting_.pop_front();
        const int reports = static_cast<int>(random_.below(6));
        const double duration = -behaviour_.duration * std::log(random_.uniform());
        running_.emplace(slot, Attempt{trial, attempt, reports, duration / (reports + 1), false});
        surroundings_.send(study::TrialStarted{trial, attempt, id_, SlotId{slot}, surroundings_.now()});
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
    const double iteration = 6.0 - attempt.reports_left;
    surroundings_.send(
        study::TrialReported{attempt.trial,
                             attempt.attempt,
                             {iteration, surroundings_.now(), {{"loss", loss}, {"training_iteration", iteration}}}});
    if (attempt.reports_left-- > 0) {
        step_later(slot);
    } else {
        end(slot, study::Outcome::completed);
    }
}

void SimulatedWorker::end(std::uint32_t slot, study::Outcome outcome) {
    const Attempt attempt = running_.at(slot);
    running_.erase(slot);
    surroundings_.send(study::TrialEnded{attempt.trial, attempt.attempt, outcome, "", "", surroundings_.now()});
    start_waiting();
}

}  // namespace hpogrid::simulation
