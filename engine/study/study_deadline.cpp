#include "engine/study/study_state.hpp"

#include <algorithm>

// What there is still time for.

namespace hpogrid::study {

void Study::State::on(const DeadlineSet& event) {
    deadline_ = event.deadline;
    now_ = event.time;
}

void Study::State::on(const TimePassed& event) {
    now_ = event.time;
}

/// As long as nobody knows, as long as others have lasted at least.
double Study::State::seconds_to_judgement(const Trial& trial) const {
    const auto expected = forecast_.seconds_to(scheduler_->next_judgement(trial.id), trial.id);
    return expected ? *expected : std::max(pace_.expected(), forecast_.longest_run(now_));
}

/// `ahead`: trials that have its place before, each for a whole trial at most.
bool Study::State::has_time_for(const Trial& trial, std::size_t ahead) const {
    if (!deadline_) {
        return true;
    }
    const double each = ahead == 0 ? 0.0 : forecast_.seconds_of_whole_trial().value_or(*deadline_);
    return now_ + static_cast<double>(ahead) * each + seconds_to_judgement(trial) <= *deadline_;
}

bool Study::State::is_saved_where_it_waits(const Trial& trial) const {
    const auto checkpoint = checkpoint_of(trial);
    return checkpoint && checkpoint->iteration >= trial.iterations;
}

/// Whether paused trials will go on when the study is resumed: nothing else keeps them.
bool Study::State::only_lacks_time() {
    return deadline_ && (counts.cancelled > 0 || scheduler_->next_resumed({}));
}

/// The trial will go on from its checkpoint. `source`: whose weights these are.
void Study::State::move_forecast(const Trial& trial, const Trial& source) {
    const auto checkpoint = checkpoint_of(trial);
    const bool counts_iterations = time_attribute() == "training_iteration";
    if (checkpoint) {
        forecast_.move(trial.id, counts_iterations ? checkpoint->iteration : forecast_.reached(source.id));
    }
}

bool Study::State::out_of_time() const noexcept {
    const bool idle = workforce.alive() > 0 && workforce.occupied() == 0 && asked_ == 0;
    return deadline_ && idle && !finished && !stop_requested;
}

std::vector<TrialId> Study::State::running_out_of_time(double now, double warning) const {
    std::vector<TrialId> found;
    if (!deadline_) {
        return found;
    }
    for (const Worker& worker : workforce.workers()) {
        for (const TrialId id : worker.running) {
            const double to_report = forecast_.seconds_to_report(id).value_or(0.0);
            constexpr double margin = 1.25;  // reports come later than expected, too
            const bool is_time = now + std::max(warning, margin * to_report) >= *deadline_;
            if (is_time && verdicts_[id.value] == Verdict::none &&
                forecast_.last_sign(id) + seconds_to_judgement(trials[id.value]) > *deadline_) {
                found.push_back(id);
            }
        }
    }
    return found;
}

}  // namespace hpogrid::study
