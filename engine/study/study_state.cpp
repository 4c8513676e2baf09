#include "engine/study/study_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hpogrid::study {

using optimizers::Observation;

Study::State::State(Settings initial, std::unique_ptr<schedulers::Scheduler> scheduler)
    : settings{std::move(initial)},
      metrics{settings.metric},
      scheduler_{std::move(scheduler)},
      quota_{settings.checkpoints} {}

void Study::State::apply(const Event& event, std::vector<Action>& actions) {
    actions_ = &actions;
    std::visit([this](const auto& alternative) { on(alternative); }, event);
    carry_out_orders();
    assign_queued();
    ask_for_more();
    break_stall();
    finish_if_done();
    actions_ = nullptr;
}

// Workers

void Study::State::on(const WorkerJoined& event) {
    if (workforce.is_alive(event.worker)) {
        on(WorkerLost{event.worker, "joined anew", event.time});
    }
    workforce.join(event.worker, event.slots, event.host, event.gpu);
}

void Study::State::on(const WorkerLost& event) {
    const Workforce::Orphans orphans = workforce.lose(event.worker);
    for (const TrialId id : orphans.assigned) {
        // The worker may have begun: no two workers may save checkpoints of the same attempt.
        ++trials[id.value].attempt;
        enqueue(trials[id.value]);
    }
    for (const TrialId id : orphans.running) {
        trials[id.value].ended = event.time;
        forecast_.on_ended(id);
        lose(trials[id.value], event.reason);
    }
}

void Study::State::lose(Trial& trial, const std::string& reason) {
    if (verdicts_[trial.id.value] != Verdict::none) {
        conclude(trial);
        return;
    }
    trial.error = reason;
    if (++trial.losses > settings.loss_retries) {
        scheduler_->on_trial_removed(trial.id);
        end_without_score(trial, TrialState::lost);
    } else if (stop_requested) {
        cancel(trial);
    } else {
        restart(trial);
    }
}

// Suggestions

void Study::State::on(const Suggested& event) {
    asked_ -= std::min<std::size_t>(asked_, 1);
    if (trials.size() >= settings.num_trials) {
        return;
    }
    Trial trial;
    trial.id = TrialId{static_cast<std::uint32_t>(trials.size())};
    trial.point = event.point;
    trial.origin = event.origin;
    trials.push_back(std::move(trial));
    verdicts_.push_back(Verdict::none);
    ++counts.queued;
    scheduler_->on_trial_added(trials.back().id, trials.back().point);
    tell(Observation::Kind::pending, trials.back());
    if (stop_requested) {
        cancel(trials.back());
    } else {
        queue_.push_back(trials.back().id);
    }
}

void Study::State::on(const SuggestionsExhausted&) {
    exhausted_ = true;
    asked_ = 0;
}

// Trials

Trial* Study::State::current(TrialId id, std::uint32_t attempt) {
    if (id.value >= trials.size()) {
        return nullptr;
    }
    Trial& trial = trials[id.value];
    return trial.attempt == attempt ? &trial : nullptr;
}

void Study::State::on(const TrialStarted& event) {
    Trial* trial = current(event.trial, event.attempt);
    if (trial == nullptr || !workforce.is_alive(event.worker)) {
        return;
    }
    if (trial->state == TrialState::cancelled) {
        actions_->emplace_back(StopTrial{event.trial, event.attempt, event.worker});
        return;
    }
    if (trial->state == TrialState::assigned) {
        workforce.unassign(trial->worker, trial->id);
    } else if (trial->state == TrialState::paused) {
        go_on(*trial);
    } else if (trial->state != TrialState::queued) {
        return;
    }
    trial->worker = event.worker;
    trial->slot = event.slot;
    trial->started = event.time;
    trial->ended = Trial::missing;
    verdicts_[trial->id.value] = Verdict::none;
    forecast_.on_started(trial->id, event.time);
    set_state(*trial, TrialState::running);
    workforce.start(event.worker, trial->id);
}

void Study::State::on(const TrialReported& event) {
    Trial* trial = current(event.trial, event.attempt);
    if (trial == nullptr || trial->state != TrialState::running || verdicts_[trial->id.value] != Verdict::none) {
        return;
    }
    ++accepted_reports;
    trial->iterations = event.report.iteration;
    forecast_.on_reported(trial->id, event.report.time, scheduler_time(event.report));
    adopt_unreported(*trial, event.report);
    const bool scored = record_metrics(*trial, event.report);
    const double objective = last_objective(*trial);
    if (scored && std::isfinite(objective)) {
        tell(Observation::Kind::intermediate, *trial, objective, event.report.iteration);
    }
    judge(*trial, event.report, scored);
}

bool Study::State::record_metrics(Trial& trial, const Report& report) {
    bool scored = false;
    for (const auto& [name, value] : report.metrics) {
        const std::size_t index = metrics.index(name);
        scored = scored || index == 0;
        if (index >= trial.last_metrics.size()) {
            trial.last_metrics.resize(index + 1, Trial::missing);
        }
        trial.last_metrics[index] = value;
    }
    const double objective = last_objective(trial);
    const bool first = trial.best_metrics.empty();
    if (scored && std::isfinite(objective) && (first || score(objective) < score(trial.best_metrics[0]))) {
        trial.best_metrics = trial.last_metrics;
    }
    return scored;
}

void Study::State::on(const TrialEnded& event) {
    Trial* trial = current(event.trial, event.attempt);
    if (trial == nullptr || trial->state != TrialState::running) {
        return;
    }
    workforce.end(trial->worker, trial->id);
    trial->ended = event.time;
    trial->error = event.error;
    trial->log = event.log;
    pace_.trial_lasted(event.time - trial->started);
    forecast_.on_ended(trial->id);
    Verdict& verdict = verdicts_[trial->id.value];
    // Nothing is left to go on with, but for a trial that was given weights, and with them no score.
    if (verdict == Verdict::pause && event.outcome == Outcome::completed && std::isfinite(last_objective(*trial))) {
        verdict = Verdict::none;
    }
    if (verdict != Verdict::none) {
        conclude(*trial);
        return;
    }
    if (event.outcome == Outcome::cancelled) {
        cancel(*trial);
        return;
    }
    if (event.outcome == Outcome::completed || event.outcome == Outcome::stopped) {
        end_by_itself(*trial);
        return;
    }
    fail(*trial, event.outcome == Outcome::timeout ? TrialState::timeout
                 : event.outcome == Outcome::oom   ? TrialState::oom
                                                   : TrialState::failed);
}

void Study::State::fail(Trial& trial, TrialState state) {
    if (++trial.failures <= settings.retries && !stop_requested) {
        restart(trial);
        return;
    }
    scheduler_->on_trial_removed(trial.id);
    end_without_score(trial, state);
}

/// How a process ends that was told to end says nothing about the trial.
void Study::State::conclude(Trial& trial) {
    trial.error.clear();
    const Verdict verdict = std::exchange(verdicts_[trial.id.value], Verdict::none);
    if (verdict == Verdict::pause) {
        become_paused(trial);
    } else if (verdict == Verdict::cancel) {
        cancel(trial);
    } else {
        end_as_judged(trial, verdict == Verdict::stop ? TrialState::stopped : TrialState::completed);
    }
}

/// Without a finite score it has failed, and is not tried again: it was not the attempt that went wrong.
void Study::State::end_as_judged(Trial& trial, TrialState state) {
    if (std::isfinite(last_objective(trial))) {
        end_with_score(trial, state);
        return;
    }
    trial.error = missing_score(trial);
    end_without_score(trial, TrialState::failed);
}

void Study::State::end_by_itself(Trial& trial) {
    if (std::isfinite(last_objective(trial))) {
        scheduler_->on_trial_completed(last_progress(trial));
        end_with_score(trial, TrialState::completed);
        return;
    }
    if (trial.error.empty()) {
        trial.error = missing_score(trial);
    }
    fail(trial, TrialState::failed);
}

void Study::State::end_with_score(Trial& trial, TrialState state) {
    const double reached = trial.best_metrics[0];
    consider_as_best(trial);
    finish_trial(trial, state);
    tell(Observation::Kind::finished, trial, reached, trial.iterations);
}

void Study::State::end_without_score(Trial& trial, TrialState state) {
    finish_trial(trial, state);
    tell(Observation::Kind::failed, trial);
}

void Study::State::finish_trial(Trial& trial, TrialState state) {
    set_state(trial, state);
    milestones_.erase(trial.id);
    if (state == TrialState::completed) {
        forecast_.on_completed(trial.id, trial.ended);
    }
    if (state != TrialState::cancelled) {
        forecast_.forget(trial.id);
    }
    if (is_success(state)) {
        keep_best_checkpoints(trial);
    } else if (state != TrialState::cancelled) {
        let_go(trial);
    }
    trial.best_metrics.shrink_to_fit();
    trial.last_metrics.shrink_to_fit();
}

double Study::State::last_objective(const Trial& trial) const noexcept {
    return trial.last_metrics.empty() ? Trial::missing : trial.last_metrics[0];
}

void Study::State::set_state(Trial& trial, TrialState state) {
    if (trial.state == TrialState::running) {
        drop_unreported(trial);
    }
    --counts.of(trial.state);
    ++counts.of(state);
    trial.state = state;
}

void Study::State::enqueue(Trial& trial) {
    set_state(trial, TrialState::queued);
    queue_.push_front(trial.id);
}

void Study::State::restart(Trial& trial) {
    ++trial.attempt;
    milestones_.erase(trial.id);
    if (const auto checkpoint = checkpoint_of(trial)) {
        trial.iterations = checkpoint->iteration;
        move_forecast(trial, trial);
    } else {
        forget_reports(trial);
    }
    enqueue(trial);
}

void Study::State::forget_reports(Trial& trial) {
    scheduler_->on_trial_restarted(trial.id);
    forecast_.forget(trial.id);
    trial.iterations = 0.0;
    trial.best_metrics.clear();
    trial.last_metrics.clear();
}

void Study::State::consider_as_best(const Trial& trial) {
    const double reached = trial.best_metrics.empty() ? Trial::missing : trial.best_metrics[0];
    if (std::isfinite(reached) && (!best || score(reached) < score(trials[best->value].best_metrics[0]))) {
        best = trial.id;
    }
}

void Study::State::cancel(Trial& trial) {
    consider_as_best(trial);
    finish_trial(trial, TrialState::cancelled);
    tell(Observation::Kind::withdrawn, trial);
}

// The whole study

void Study::State::on(const StopRequested&) {
    stop_requested = true;
    for (Trial& trial : trials) {
        if (trial.state == TrialState::queued || trial.state == TrialState::assigned) {
            cancel(trial);
        } else if (trial.state == TrialState::paused) {
            consider_as_best(trial);
        }
    }
    queue_.clear();
    workforce.unassign_all();
}

void Study::State::on(const StudyPlanned& event) {
    settings.num_trials = std::max<std::size_t>(event.num_trials, trials.size());
    finished = finished && trials.size() == settings.num_trials;
}

void Study::State::on(const StudyResumed&) {
    workforce.lose_all();
    deadline_.reset();
    stop_requested = false;
    finished = false;
    exhausted_ = false;
    asked_ = 0;
    queue_.clear();
    best.reset();
    for (Trial& trial : trials) {
        if (is_success(trial.state)) {
            consider_as_best(trial);
        }
        if (trial.state == TrialState::running) {
            forecast_.on_ended(trial.id);
            const Verdict verdict = verdicts_[trial.id.value];
            const bool goes_on = verdict == Verdict::none || verdict == Verdict::cancel;
            goes_on ? restart(trial) : conclude(trial);
        } else if (trial.state == TrialState::assigned) {
            ++trial.attempt;
            set_state(trial, TrialState::queued);
        } else if (trial.state == TrialState::cancelled) {
            tell(Observation::Kind::pending, trial);
            if (std::isnan(trial.started)) {
                set_state(trial, TrialState::queued);
            } else {
                restart(trial);
            }
        }
    }
    queue_.clear();
    for (const Trial& trial : trials) {
        if (trial.state == TrialState::queued) {
            queue_.push_back(trial.id);
        }
    }
}

}  // namespace hpogrid::study
