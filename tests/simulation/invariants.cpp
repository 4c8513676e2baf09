#include "tests/simulation/invariants.hpp"

#include <fmt/format.h>

#include <cmath>

namespace hpogrid::simulation {

using study::Study;
using study::Trial;
using study::TrialState;

void Invariants::violate(std::string what) {
    constexpr std::size_t enough = 10;
    if (violations_.size() < enough) {
        violations_.push_back(std::move(what));
    }
}

void Invariants::check(const study::Event& event, const Study& study) {
    if (std::holds_alternative<study::StudyResumed>(event)) {
        // What a stop cancelled was never evaluated: it may be queued again.
        std::erase_if(ended_, [](const auto& entry) { return entry.second.first == TrialState::cancelled; });
    }
    if (study.trials().size() > num_trials_) {
        violate(fmt::format("{} trials, more than {}", study.trials().size(), num_trials_));
    }
    const auto check_id = [&](TrialId id) {
        if (id.value < study.trials().size()) {
            check_trial(study.trial(id));
        }
    };
    if (const auto* started = std::get_if<study::TrialStarted>(&event)) {
        check_id(started->trial);
        check_workers(study);
    } else if (const auto* reported = std::get_if<study::TrialReported>(&event)) {
        check_id(reported->trial);
    } else if (const auto* ended = std::get_if<study::TrialEnded>(&event)) {
        check_id(ended->trial);
    } else if (!std::holds_alternative<study::Suggested>(event)) {
        for (const Trial& trial : study.trials()) {
            check_trial(trial);
        }
    }
}

void Invariants::check_trial(const Trial& trial) {
    const auto known = ended_.find(trial.id.value);
    if (known != ended_.end()) {
        if (known->second != std::pair{trial.state, trial.attempt}) {
            violate(fmt::format("trial {} had ended as {} in attempt {}, and is {} in attempt {} now", trial.id.value,
                                to_string(known->second.first), known->second.second, to_string(trial.state),
                                trial.attempt));
        }
        return;
    }
    if (is_final(trial.state)) {
        ended_.emplace(trial.id.value, std::pair{trial.state, trial.attempt});
    }
    if (is_success(trial.state) && (trial.best_metrics.empty() || !std::isfinite(trial.best_metrics[0]))) {
        violate(fmt::format("trial {} is {} without a finite score", trial.id.value, to_string(trial.state)));
    }
}

void Invariants::check_workers(const Study& study) {
    constexpr std::size_t few = 64;
    if (study.workers().size() > few) {
        return;
    }
    for (const study::Worker& worker : study.workers()) {
        if (worker.alive && worker.running.size() > worker.slots) {
            violate(fmt::format("worker {} runs {} trials in {} slots", worker.id.value, worker.running.size(),
                                worker.slots));
        }
        for (const TrialId id : worker.running) {
            if (study.trial(id).state != TrialState::running || study.trial(id).worker != worker.id) {
                violate(fmt::format("worker {} is said to run trial {}, which is {}", worker.id.value, id.value,
                                    to_string(study.trial(id).state)));
            }
        }
    }
}

void Invariants::check_start(const study::StartTrial& start, const Study& study) {
    bool alive = false;
    for (const study::Worker& worker : study.workers()) {
        alive = alive || (worker.id == start.worker && worker.alive);
    }
    if (!alive) {
        violate(fmt::format("trial {} is sent to worker {}, which is dead", start.trial.value, start.worker.value));
    }
    if (is_final(study.trial(start.trial).state)) {
        violate(fmt::format("trial {} is sent although it has ended", start.trial.value));
    }
}

void Invariants::check_checkpoints(const Study& study, const std::set<std::string>& disk,
                                   const study::CheckpointLimits& quota) {
    std::size_t kept = 0;
    std::uint64_t bytes = 0;
    for (const Trial& trial : study.trials()) {
        if (const auto checkpoint = study.checkpoint(trial)) {
            kept += is_success(trial.state) ? 1 : 0;
            bytes += is_success(trial.state) ? checkpoint->bytes : 0;
            if (checkpoint->iteration > trial.iterations) {
                violate(fmt::format("checkpoint {} is ahead of the reports of trial {}: {} > {}",
                                    folder_name(*checkpoint), trial.id.value, checkpoint->iteration, trial.iterations));
            }
            if (!disk.contains(folder_name(*checkpoint))) {
                violate(fmt::format("checkpoint {} of trial {} ({}) is gone", folder_name(*checkpoint), trial.id.value,
                                    to_string(trial.state)));
            }
            if (is_final(trial.state) && !is_success(trial.state) && trial.state != TrialState::cancelled) {
                violate(fmt::format("trial {} is {} and has a checkpoint", trial.id.value, to_string(trial.state)));
            }
        }
    }
    if (kept > quota.count) {
        violate(fmt::format("{} checkpoints of ended trials, more than {}", kept, quota.count));
    }
    if (kept > 1 && bytes > quota.bytes) {
        violate(fmt::format("{} checkpoints of ended trials with {} bytes, more than {}", kept, bytes, quota.bytes));
    }
}

void Invariants::check_replay(const Study& before, const Study& after) {
    if (before.digest() != after.digest()) {
        violate("the replayed study differs from the one that was recorded");
    }
}

void Invariants::check_end(const Study& study, bool whole) {
    if (!study.finished()) {
        violate(fmt::format("the study did not finish: {} of {} trials ended", study.counts().ended(),
                            study.trials().size()));
    }
    if (whole && study.trials().size() != num_trials_) {
        violate(fmt::format("{} trials instead of {}", study.trials().size(), num_trials_));
    }
    // What is paused when the study is asked to stop waits for its continuation.
    const std::size_t left = study.stop_requested() ? study.counts().paused : 0;
    if (study.counts().ended() + left != study.trials().size()) {
        violate("a trial has not ended");
    }
    for (const Trial& trial : study.trials()) {
        if (whole && trial.state == TrialState::cancelled) {
            violate(fmt::format("trial {} was cancelled though nobody asked to stop", trial.id.value));
        }
    }
}

}  // namespace hpogrid::simulation
