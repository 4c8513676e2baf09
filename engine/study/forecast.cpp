#include "engine/study/forecast.hpp"

#include <algorithm>
#include <cmath>

namespace hpogrid::study {
namespace {

/// The trial's own experience, or else that of all.
std::optional<double> better_known(const RecentMean& own, const RecentMean& all) {
    const RecentMean& mean = own.known() ? own : all;
    return mean.known() ? std::optional{mean.value()} : std::nullopt;
}

}  // namespace

void Forecast::on_started(TrialId trial, double time) {
    Run& run = runs_[trial];
    run.began = time;
    run.last = time;
    run.attempt = Attempt::started;
}

void Forecast::on_reported(TrialId trial, double time, double reached) {
    Run& run = runs_[trial];
    for (Rhythm* rhythm : {&run.rhythm, &rhythm_}) {
        (run.attempt == Attempt::reported ? rhythm->interval : rhythm->first).add(time - run.last);
        if (reached > run.reached) {
            rhythm->step.add(reached - run.reached);
        }
    }
    run.last = time;
    run.attempt = Attempt::reported;
    run.reached = std::isnan(reached) ? run.reached : reached;
}

void Forecast::on_completed(TrialId trial, double time) {
    const Run run = run_of(trial);
    ends_at_.add(run.reached);
    last_part_.add(time - run.last);
}

Forecast::Run Forecast::run_of(TrialId trial) const {
    const auto found = runs_.find(trial);
    return found == runs_.end() ? Run{} : found->second;
}

std::optional<double> Forecast::first_report_after(const Run& run) const {
    return better_known(run.rhythm.first, rhythm_.first);
}

std::optional<double> Forecast::interval_of(const Run& run) const {
    const auto interval = better_known(run.rhythm.interval, rhythm_.interval);
    return interval ? interval : first_report_after(run);
}

std::optional<double> Forecast::seconds_to_report(const Run& run) const {
    return run.attempt == Attempt::reported ? interval_of(run) : first_report_after(run);
}

std::optional<double> Forecast::seconds_to(double goal, const Run& run) const {
    const bool ends_before = ends_at_.known() && ends_at_.value() <= goal;
    const double there = ends_before ? ends_at_.value() : goal;
    const auto step = better_known(run.rhythm.step, rhythm_.step);
    const auto next = seconds_to_report(run);
    if (!step || !next || std::isinf(there)) {
        return std::nullopt;
    }
    // A quotient that should be whole may be a hair above.
    const double reports = std::max(1.0, std::ceil((there - run.reached) / *step - 1e-9));
    return *next + (reports - 1.0) * *interval_of(run) + (ends_before ? last_part_.value() : 0.0);
}

double Forecast::longest_run(double now) const {
    double longest = 0.0;
    for (const auto& [trial, run] : runs_) {
        longest = std::max(longest, run.attempt == Attempt::none ? 0.0 : now - run.began);
    }
    return longest;
}

}  // namespace hpogrid::study
