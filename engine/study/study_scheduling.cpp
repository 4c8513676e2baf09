#include "engine/study/study_state.hpp"

#include "engine/core/overloaded.hpp"

#include <cmath>

// What the scheduler decides about trials, and what becomes of their checkpoints.

namespace hpogrid::study {

using schedulers::Decision;
using schedulers::Scheduler;

double Study::State::scheduler_time(const Report& report) const {
    double time = report.iteration;
    for (const auto& [name, value] : report.metrics) {
        if (name == time_attribute()) {
            time = value;
        }
    }
    return time;
}

schedulers::Progress Study::State::progress(const Trial& trial, const Report& report) const {
    return {trial.id, scheduler_time(report), score(last_objective(trial)), new_trials_wait(),
            trial.checkpoint != Trial::no_checkpoint};
}

schedulers::Progress Study::State::last_progress(const Trial& trial) const {
    const auto index = metrics.find(time_attribute());
    const bool known = index && *index < trial.last_metrics.size();
    return {trial.id, known ? trial.last_metrics[*index] : trial.iterations, score(last_objective(trial))};
}

Decision Study::State::decide(const schedulers::Progress& progress, const Report& report, bool scored) {
    if (settings.stop.reached_by(report)) {
        scheduler_->on_trial_completed(progress);
        return Decision::complete;
    }
    return scored ? scheduler_->on_report(progress) : Decision::proceed;
}

void Study::State::judge(Trial& trial, const Report& report, bool scored) {
    const schedulers::Progress seen = progress(trial, report);
    const auto milestone = milestones_.find(trial.id);
    const bool waits = milestone != milestones_.end() && seen.time >= milestone->second;
    Verdict& verdict = verdicts_[trial.id.value];
    switch (decide(seen, report, scored)) {
        case Decision::proceed:
            if (waits && is_saved_where_it_waits(trial) && !has_time_for(trial)) {
                verdict = Verdict::cancel;
                break;
            }
            if (waits) {
                actions_->emplace_back(ProceedTrial{trial.id, trial.attempt, trial.worker, set_milestone(trial)});
            }
            return;
        case Decision::stop:
            verdict = Verdict::stop;
            break;
        case Decision::complete:
            verdict = Verdict::complete;
            break;
        case Decision::pause:
            verdict = Verdict::pause;
            break;
    }
    actions_->emplace_back(StopTrial{trial.id, trial.attempt, trial.worker});
}

double Study::State::set_milestone(const Trial& trial) {
    const double milestone = scheduler_->milestone(trial.id);
    if (std::isfinite(milestone)) {
        milestones_[trial.id] = milestone;
    } else {
        milestones_.erase(trial.id);
    }
    return milestone;
}

// Paused trials

void Study::State::become_paused(Trial& trial) {
    ++trial.attempt;
    milestones_.erase(trial.id);
    set_state(trial, TrialState::paused);
    move_forecast(trial, trial);
    if (stop_requested) {
        consider_as_best(trial);
    }
    scheduler_->on_trial_paused(trial.id);
}

void Study::State::carry_out_orders() {
    for (auto orders = scheduler_->take_orders(); !orders.empty(); orders = scheduler_->take_orders()) {
        for (const schedulers::Order& order : orders) {
            std::visit([this](const auto& alternative) { carry_out(alternative); }, order);
        }
    }
}

void Study::State::carry_out(const schedulers::EndPaused& order) {
    Trial& trial = trials[order.trial.value];
    const bool complete = order.how == Decision::complete;
    if (trial.state == TrialState::paused) {
        end_as_judged(trial, complete ? TrialState::completed : TrialState::stopped);
    } else if (verdicts_[trial.id.value] == Verdict::pause) {
        verdicts_[trial.id.value] = complete ? Verdict::complete : Verdict::stop;
    }
}

void Study::State::carry_out(const schedulers::Exploit& order) {
    Trial& trial = trials[order.trial.value];
    const CheckpointBook::Handle weights = trials[order.source.value].checkpoint;
    const bool pauses = trial.state == TrialState::paused || verdicts_[trial.id.value] == Verdict::pause;
    if (!pauses || weights == Trial::no_checkpoint) {
        return;
    }
    checkpoints.acquire(weights);
    hold(trial, weights);
    trial.point = order.point;
    trial.iterations = checkpoints[weights].iteration;
    move_forecast(trial, trials[order.source.value]);
    // What it had reached, it had reached with weights that are gone.
    trial.best_metrics.clear();
    trial.last_metrics.clear();
}

// Checkpoints

std::optional<Checkpoint> Study::State::checkpoint_of(const Trial& trial) const {
    return trial.checkpoint == Trial::no_checkpoint ? std::nullopt : std::optional{checkpoints[trial.checkpoint]};
}

/// Takes over a reference to `checkpoint`.
void Study::State::hold(Trial& trial, CheckpointBook::Handle checkpoint) {
    let_go(trial);
    trial.checkpoint = checkpoint;
}

void Study::State::let_go(Trial& trial) {
    if (trial.checkpoint != Trial::no_checkpoint) {
        release(std::exchange(trial.checkpoint, Trial::no_checkpoint));
    }
}

void Study::State::release(CheckpointBook::Handle checkpoint) {
    if (const auto unused = checkpoints.release(checkpoint)) {
        actions_->emplace_back(RemoveCheckpoint{*unused});
    }
}

void Study::State::adopt_unreported(Trial& trial, const Report& report) {
    const auto saved = unreported_.find(trial.id);
    // A report that is told twice belongs to an earlier one.
    if (saved != unreported_.end() && !(report.iteration < checkpoints[saved->second].iteration)) {
        hold(trial, saved->second);
        unreported_.erase(saved);
    }
}

void Study::State::drop_unreported(const Trial& trial) {
    if (const auto saved = unreported_.extract(trial.id)) {
        release(saved.mapped());
    }
}

void Study::State::keep_best_checkpoints(const Trial& trial) {
    if (const auto checkpoint = checkpoint_of(trial)) {
        for (const TrialId loser : quota_.admit(trial.id, score(trial.best_metrics[0]), checkpoint->bytes)) {
            let_go(trials[loser.value]);
        }
    }
}

void Study::State::on(const CheckpointSaved& event) {
    const Checkpoint& saved = event.checkpoint;
    if (checkpoints.contains(saved)) {
        return;  // told twice
    }
    Trial* trial = current(saved.trial, saved.attempt);
    if (trial == nullptr || trial->state != TrialState::running || verdicts_[trial->id.value] != Verdict::none) {
        // Of an attempt that was given up.
        actions_->emplace_back(RemoveCheckpoint{saved});
        return;
    }
    const auto waiting = unreported_.find(trial->id);
    const auto before = waiting != unreported_.end() ? checkpoints[waiting->second] : checkpoint_of(*trial);
    const bool older =
        before && before->trial == saved.trial && before->attempt == saved.attempt && before->number > saved.number;
    if (!older) {
        // Until its report has come, what the study knows of the trial is older than this.
        drop_unreported(*trial);
        unreported_.emplace(trial->id, checkpoints.add(saved));
    }
}

void Study::State::on(const CheckpointLost& event) {
    Trial* trial = current(event.trial, event.attempt);
    if (trial == nullptr || trial->state != TrialState::assigned) {
        return;
    }
    workforce.unassign(trial->worker, trial->id);
    trial->error = event.reason;
    let_go(*trial);
    restart(*trial);
}

}  // namespace hpogrid::study
