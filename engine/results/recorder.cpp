#include "engine/results/recorder.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace hpogrid::results {

Recorder::Recorder(RunInfo info) : info_{std::make_shared<const RunInfo>(std::move(info))} {}

void Recorder::record(const study::Event& event, const study::Study& study) {
    notice_new_trials(study);
    if (const auto* worker = std::get_if<study::WorkerJoined>(&event)) {
        joined(*worker);
    } else if (const auto* start = std::get_if<study::TrialStarted>(&event)) {
        started(*start, study);
    } else if (const auto* report = std::get_if<study::TrialReported>(&event)) {
        reported(*report, study);
    } else if (const auto* end = std::get_if<study::TrialEnded>(&event)) {
        if (end->trial.value < has_ended_.size()) {
            close(study.trial(end->trial));
        }
    }
}

void Recorder::joined(const study::WorkerJoined& event) {
    place_of_worker_[event.worker.value] = static_cast<std::uint32_t>(places_.size());
    places_.push_back({event.worker.value, event.host, event.gpu});
}

void Recorder::started(const study::TrialStarted& event, const study::Study& study) {
    const std::uint32_t id = event.trial.value;
    const auto place = place_of_worker_.find(event.worker.value);
    const bool accepted = id < place_of_trial_.size() && study.trial(event.trial).state == study::TrialState::running &&
                          study.trial(event.trial).worker == event.worker;
    if (accepted && event.attempt > 1) {
        note_continuation(study.trial(event.trial), study);
    }
    if (accepted && place != place_of_worker_.end()) {
        place_of_trial_[id] = place->second;
    }
}

/// With the weights of another trial, what a trial reported before is the history of its configurations: it stays. What
/// it reported since it first went on from them does not, when it has to go on from them again.
void Recorder::note_continuation(const study::Trial& trial, const study::Study& study) {
    const auto checkpoint = study.checkpoint(trial);
    AttemptRow row{.trial = trial.id.value,
                   .since = 1,
                   .from = -std::numeric_limits<double>::infinity(),
                   .before = reports_.size()};
    if (checkpoint) {
        row.from = checkpoint->iteration;
        row.since = checkpoint->attempt;
    }
    if (checkpoint && checkpoint->trial != trial.id) {
        const auto [origin, is_new] = origins_of_weights_.try_emplace(trial.id.value, *checkpoint, trial.attempt);
        if (!is_new && origin->second.first != *checkpoint) {
            origin->second = {*checkpoint, trial.attempt};
        }
        row.since = origin->second.second;
    }
    attempts_.push_back(row);
}

void Recorder::reported(const study::TrialReported& event, const study::Study& study) {
    if (study.accepted_reports() == std::exchange(accepted_reports_, study.accepted_reports())) {
        return;
    }
    notice_new_metrics(study);
    reports_.push_back({.trial = event.trial.value,
                        .attempt = event.attempt,
                        .iteration = event.report.iteration,
                        .time = event.report.time,
                        .begin = report_values_.size(),
                        .count = static_cast<std::uint32_t>(event.report.metrics.size())});
    for (const auto& [name, value] : event.report.metrics) {
        report_metrics_.push_back(metric_indices_.find(name)->second);
        report_values_.push_back(value);
    }
}

void Recorder::notice_new_metrics(const study::Study& study) {
    for (std::size_t i = metrics_.size(); i < study.metrics().names().size(); ++i) {
        metrics_.push_back(study.metrics().names()[i]);
        metric_indices_.emplace(metrics_.back(), static_cast<std::uint32_t>(i));
    }
}

void Recorder::notice_new_trials(const study::Study& study) {
    for (auto id = static_cast<std::uint32_t>(has_ended_.size()); id < study.trials().size(); ++id) {
        has_ended_.push_back(false);
        place_of_trial_.push_back(TrialRow::nowhere);
        open_.push_back(id);
    }
}

/// Ended trials are shared with every later snapshot. A cancelled one may still run, when the study is resumed.
void Recorder::close(const study::Trial& trial) {
    const std::uint32_t id = trial.id.value;
    if (!has_ended_[id] && is_final(trial.state) && trial.state != study::TrialState::cancelled) {
        has_ended_[id] = true;
        ended_.append(trial, origin_index(trial.origin), place_of_trial_[id]);
    }
}

std::uint32_t Recorder::origin_index(const std::string& origin) {
    const auto found = std::ranges::find(origins_, origin);
    const auto index = static_cast<std::uint32_t>(found - origins_.begin());
    if (found == origins_.end()) {
        origins_.push_back(origin);
    }
    return index;
}

std::string Recorder::best_checkpoint(const study::Study& study) {
    const auto best = study.best();
    const auto checkpoint = best ? study.checkpoint(study.trial(*best)) : std::nullopt;
    return checkpoint ? folder_name(*checkpoint) : std::string{};
}

Snapshot Recorder::snapshot(const study::Study& study, RunStatus status, double time) {
    notice_new_trials(study);
    notice_new_metrics(study);
    TrialTable open;
    std::erase_if(open_, [&](std::uint32_t id) {
        const study::Trial& trial = study.trial(TrialId{id});
        close(trial);
        if (!has_ended_[id]) {
            open.append(trial, origin_index(trial.origin), place_of_trial_[id]);
        }
        return static_cast<bool>(has_ended_[id]);
    });
    const auto best = study.best();
    return {.info = info_,
            .status = status,
            .time = time,
            .best_trial = best ? std::optional{best->value} : std::nullopt,
            .best_checkpoint = best_checkpoint(study),
            .metrics = metrics_,
            .origins = origins_,
            .places = places_,
            .ended = ended_.view(),
            .open = open.view(),
            .reports = {reports_.view(), report_metrics_.view(), report_values_.view(), attempts_.view()}};
}

}  // namespace hpogrid::results
