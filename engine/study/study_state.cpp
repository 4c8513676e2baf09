#include "engine/study/study_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hpogrid::study {

using optimizers::Observation;
using schedulers::Decision;

Study::State::State(Settings initial, std::unique_ptr<schedulers::Scheduler> scheduler)
    : settings{std::move(initial)}, metrics{settings.metric}, scheduler_{std::move(scheduler)} {}

void Study::State::apply(const Event& event, std::vector<Action>& actions) {
    actions_ = &actions;
    std::visit([this](const auto& alternative) { on(alternative); }, event);
    assign_queued();
    ask_for_more();
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
        enqueue(trials[id.value]);
    }
    for (const TrialId id : orphans.running) {
        Trial& trial = trials[id.value];
        trial.error = event.reason;
        trial.ended = event.time;
        if (++trial.losses > settings.loss_retries) {
            scheduler_->on_trial_removed(id);
            end_without_score(trial, TrialState::lost);
        } else if (stop_requested) {
            scheduler_->on_trial_removed(id);
            cancel(trial);
        } else {
            restart(trial);
        }
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
    } else if (trial->state != TrialState::queued) {
        return;
    }
    trial->worker = event.worker;
    trial->slot = event.slot;
    trial->started = event.time;
    trial->ended = Trial::missing;
    verdicts_[trial->id.value] = Verdict::none;
    set_state(*trial, TrialState::running);
    workforce.start(event.worker, trial->id);
    scheduler_->on_trial_added(trial->id);
}

void Study::State::on(const TrialReported& event) {
    Trial* trial = current(event.trial, event.attempt);
    if (trial == nullptr || trial->state != TrialState::running || verdicts_[trial->id.value] != Verdict::none) {
        return;
    }
    ++accepted_reports;
    trial->iterations = event.report.iteration;
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

schedulers::Progress Study::State::progress(const Trial& trial, const Report& report) const {
    double time = report.iteration;
    for (const auto& [name, value] : report.metrics) {
        if (name == settings.time_attribute) {
            time = value;
        }
    }
    return {trial.id, time, score(last_objective(trial))};
}

void Study::State::judge(const Trial& trial, const Report& report, bool scored) {
    Verdict verdict = Verdict::none;
    const Decision decision = scored ? scheduler_->on_report(progress(trial, report)) : Decision::proceed;
    if (settings.stop.reached_by(report) || decision == Decision::complete) {
        verdict = Verdict::complete;
    } else if (decision == Decision::stop) {
        verdict = Verdict::stop;
    }
    if (verdict != Verdict::none) {
        verdicts_[trial.id.value] = verdict;
        actions_->emplace_back(StopTrial{trial.id, trial.attempt, trial.worker});
    }
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
    if (event.outcome == Outcome::cancelled) {
        scheduler_->on_trial_removed(trial->id);
        cancel(*trial);
        return;
    }
    const bool by_itself = event.outcome == Outcome::completed || event.outcome == Outcome::stopped;
    if (by_itself || verdicts_[trial->id.value] != Verdict::none) {
        end_with_score(*trial, event);
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

void Study::State::end_with_score(Trial& trial, const TrialEnded& event) {
    const double objective = last_objective(trial);
    if (!std::isfinite(objective)) {
        if (trial.error.empty()) {
            trial.error = missing_score(trial);
        }
        fail(trial, TrialState::failed);
        return;
    }
    if (verdicts_[trial.id.value] != Verdict::none) {
        // How a process ends that was told to end says nothing about the trial.
        trial.error.clear();
    } else if (event.outcome == Outcome::completed) {
        scheduler_->on_trial_completed({trial.id, trial.iterations, score(objective)});
    }
    const double reached = trial.best_metrics[0];
    if (!best || score(reached) < score(trials[best->value].best_metrics[0])) {
        best = trial.id;
    }
    finish_trial(trial, verdicts_[trial.id.value] == Verdict::stop ? TrialState::stopped : TrialState::completed);
    tell(Observation::Kind::finished, trial, reached, trial.iterations);
}

void Study::State::end_without_score(Trial& trial, TrialState state) {
    finish_trial(trial, state);
    tell(Observation::Kind::failed, trial);
}

void Study::State::finish_trial(Trial& trial, TrialState state) {
    set_state(trial, state);
    trial.best_metrics.shrink_to_fit();
    trial.last_metrics.shrink_to_fit();
}

double Study::State::last_objective(const Trial& trial) const noexcept {
    return trial.last_metrics.empty() ? Trial::missing : trial.last_metrics[0];
}

void Study::State::set_state(Trial& trial, TrialState state) {
    --counts.of(trial.state);
    ++counts.of(state);
    trial.state = state;
}

void Study::State::enqueue(Trial& trial) {
    set_state(trial, TrialState::queued);
    queue_.push_front(trial.id);
}

void Study::State::restart(Trial& trial) {
    scheduler_->on_trial_removed(trial.id);
    ++trial.attempt;
    trial.iterations = 0.0;
    trial.best_metrics.clear();
    trial.last_metrics.clear();
    enqueue(trial);
}

void Study::State::cancel(Trial& trial) {
    finish_trial(trial, TrialState::cancelled);
    tell(Observation::Kind::withdrawn, trial);
}

// The whole study

void Study::State::on(const StopRequested&) {
    stop_requested = true;
    for (Trial& trial : trials) {
        if (trial.state == TrialState::queued || trial.state == TrialState::assigned) {
            cancel(trial);
        }
    }
    queue_.clear();
    workforce.unassign_all();
}

void Study::State::on(const StudyResumed&) {
    workforce.lose_all();
    stop_requested = false;
    finished = false;
    exhausted_ = false;
    asked_ = 0;
    queue_.clear();
    for (Trial& trial : trials) {
        if (trial.state == TrialState::running) {
            restart(trial);
        } else if (trial.state == TrialState::assigned) {
            set_state(trial, TrialState::queued);
        } else if (trial.state == TrialState::cancelled) {
            if (!std::isnan(trial.started)) {
                ++trial.attempt;
            }
            trial.best_metrics.clear();
            trial.last_metrics.clear();
            set_state(trial, TrialState::queued);
            tell(Observation::Kind::pending, trial);
        }
    }
    queue_.clear();
    for (const Trial& trial : trials) {
        if (trial.state == TrialState::queued) {
            queue_.push_back(trial.id);
        }
    }
}

// Planning

bool Study::State::may_assign(const Workforce::Candidate& candidate) const {
    if (settings.max_concurrent != 0 && workforce.occupied() >= settings.max_concurrent) {
        return false;
    }
    if (candidate.surplus < 0) {
        return true;
    }
    // Sent ahead, a trial cannot be called back: near the end it might wait on a busy worker while another is idle.
    const std::size_t unassigned = counts.queued + (settings.num_trials - trials.size());
    const bool plenty = unassigned > workforce.slots();
    return plenty && static_cast<std::size_t>(candidate.surplus) < pace_.ahead(settings.lookahead);
}

void Study::State::assign_queued() {
    if (stop_requested) {
        return;
    }
    while (!queue_.empty()) {
        Trial& trial = trials[queue_.front().value];
        if (trial.state != TrialState::queued) {
            queue_.pop_front();
            continue;
        }
        const auto candidate = workforce.least_busy();
        if (!candidate || !may_assign(*candidate)) {
            return;
        }
        queue_.pop_front();
        trial.worker = candidate->worker;
        set_state(trial, TrialState::assigned);
        workforce.assign(candidate->worker, trial.id);
        actions_->emplace_back(StartTrial{trial.id, trial.attempt, candidate->worker});
    }
}

void Study::State::ask_for_more() {
    const std::size_t known = trials.size() + asked_;
    if (stop_requested || exhausted_ || workforce.alive() == 0 || known >= settings.num_trials) {
        return;
    }
    const std::size_t places =
        settings.max_concurrent == 0 ? workforce.slots() : std::min(workforce.slots(), settings.max_concurrent);
    const std::size_t free = places - std::min(places, workforce.occupied());
    // Two helpings for each worker: one to send, one while the next is computed.
    const std::size_t ahead = std::min(settings.lookahead, 2 * workforce.alive() * pace_.ahead(settings.lookahead));
    const std::size_t wanted = free + ahead;
    const std::size_t ready = counts.queued + asked_;
    // Half a helping at a time: an ask is a message to another thread.
    if (ready < free || 2 * ready < wanted) {
        const std::size_t count = std::min(wanted - ready, settings.num_trials - known);
        asked_ += count;
        actions_->emplace_back(AskOptimizer{count});
    }
}

void Study::State::finish_if_done() {
    const bool complete = stop_requested || exhausted_ || trials.size() >= settings.num_trials;
    if (!finished && complete && counts.ended() == trials.size()) {
        finished = true;
        actions_->emplace_back(FinishStudy{});
    }
}

void Study::State::tell(Observation::Kind kind, const Trial& trial, double value, double iteration) {
    Observation observation{
        .kind = kind, .trial = trial.id, .point = {}, .score = score(value), .iteration = iteration};
    if (kind == Observation::Kind::pending) {
        observation.point = trial.point;
    }
    actions_->emplace_back(TellOptimizer{std::move(observation)});
}

}  // namespace hpogrid::study
