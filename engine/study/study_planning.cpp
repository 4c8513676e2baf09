#include "engine/study/study_state.hpp"

#include <algorithm>
#include <utility>

// Which trial runs next, where, and when the study is over.

namespace hpogrid::study {

using optimizers::Observation;

bool Study::State::may_assign(const Workforce::Candidate& candidate) const {
    if (settings.max_concurrent != 0 && workforce.occupied() >= settings.max_concurrent) {
        return false;
    }
    if (candidate.surplus < 0) {
        return true;
    }
    if (scheduler_->resumes_first()) {
        return false;
    }
    // Sent ahead, a trial cannot be called back: near the end it might wait on a busy worker while another is idle.
    const std::size_t unassigned = counts.queued + (settings.num_trials - std::min(settings.num_trials, trials.size()));
    const bool plenty = unassigned > workforce.slots();
    return plenty && static_cast<std::size_t>(candidate.surplus) < pace_.sent_ahead(settings.lookahead);
}

void Study::State::assign_queued() {
    if (stop_requested) {
        return;
    }
    while (true) {
        const auto candidate = workforce.least_busy();
        if (!candidate || !may_assign(*candidate)) {
            return;
        }
        Trial* trial = next_to_run(static_cast<std::size_t>(std::max(0L, candidate->surplus + 1)));
        if (trial == nullptr) {
            return;
        }
        trial->worker = candidate->worker;
        set_state(*trial, TrialState::assigned);
        workforce.assign(candidate->worker, trial->id);
        actions_->emplace_back(StartTrial{.trial = trial->id,
                                          .attempt = trial->attempt,
                                          .worker = candidate->worker,
                                          .checkpoint = checkpoint_of(*trial),
                                          .milestone = set_milestone(*trial)});
    }
}

/// `ahead`: trials that the worker has still to evaluate before.
Trial* Study::State::next_to_run(std::size_t ahead) {
    const auto has_time = [&](TrialId id) { return has_time_for(trials[id.value], ahead); };
    const auto is_queued = [&](TrialId id) { return trials[id.value].state == TrialState::queued; };
    if (counts.paused > 0) {
        if (const auto resumed =
                scheduler_->next_resumed({.new_trials_wait = new_trials_wait(), .has_time_for = has_time})) {
            go_on(trials[resumed->value]);
            return &trials[resumed->value];
        }
    }
    while (!queue_.empty() && !is_queued(queue_.front())) {
        queue_.pop_front();
    }
    const auto next = std::ranges::find_if(queue_, [&](TrialId id) { return is_queued(id) && has_time(id); });
    if (next == queue_.end()) {
        return nullptr;
    }
    Trial* const trial = &trials[next->value];
    queue_.erase(next);
    return trial;
}

/// Of a paused trial.
void Study::State::go_on(Trial& trial) {
    scheduler_->on_trial_resumed(trial.id);
    if (trial.checkpoint == Trial::no_checkpoint) {
        forget_reports(trial);
    }
}

bool Study::State::more_to_come() const noexcept {
    return !exhausted_ && trials.size() < settings.num_trials;
}

/// Whether one would take a place that is free.
bool Study::State::new_trials_wait() const {
    if (counts.queued == 0) {
        return more_to_come();
    }
    return !deadline_ || std::ranges::any_of(queue_, [&](TrialId id) {
        return trials[id.value].state == TrialState::queued && has_time_for(trials[id.value]);
    });
}

/// What is paused may wait for trials that never come.
void Study::State::break_stall() {
    const bool somebody_works = counts.queued + counts.assigned + counts.running > 0 || asked_ > 0 || more_to_come();
    if (counts.paused == 0 || somebody_works || stop_requested || workforce.alive() == 0 || only_lacks_time()) {
        return;
    }
    scheduler_->on_stall();
    carry_out_orders();
    assign_queued();
}

void Study::State::ask_for_more() {
    const std::size_t known = trials.size() + asked_;
    if (stop_requested || exhausted_ || workforce.alive() == 0 || known >= settings.num_trials) {
        return;
    }
    if (counts.queued > 0 && !new_trials_wait()) {
        return;  // there is no time for more of them either
    }
    const std::size_t places =
        settings.max_concurrent == 0 ? workforce.slots() : std::min(workforce.slots(), settings.max_concurrent);
    const std::size_t free = places - std::min(places, workforce.occupied());
    // Two helpings for each worker: one to send, one while the next is computed.
    const std::size_t ahead =
        std::min(settings.lookahead, 2 * workforce.alive() * pace_.computed_ahead(settings.lookahead));
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
    // A study that was asked to stop leaves its paused trials to its continuation.
    const std::size_t over = counts.ended() + (stop_requested ? counts.paused : 0);
    // What was cancelled for want of time goes on when the study is resumed.
    const bool lacks_time = !stop_requested && counts.cancelled > 0;
    if (!finished && complete && over == trials.size() && !lacks_time) {
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
