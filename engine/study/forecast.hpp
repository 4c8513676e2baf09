#pragma once

#include "engine/core/ids.hpp"
#include "engine/study/recent_mean.hpp"

#include <limits>
#include <optional>
#include <unordered_map>

namespace hpogrid::study {

/// Predicts how long trials will train, from what all of them have reported so far.
///
/// A trial comes to its goal report by report: as many more as the steps between its reports make it, the first of an
/// attempt after the time that beginning takes (imports, data, checkpoint), each other one after the time between two.
/// These come from the trial's own reports, or else from those of the others. Where trials come to their own end before
/// the goal, the goal is there.
///
/// `time` is in seconds by the clock of whoever evaluates the trial; goals, and what is reached, are in the time
/// attribute of the scheduler.
class Forecast {
  public:
    void on_started(TrialId trial, double time);
    /// `reached`: NaN where the report does not say.
    void on_reported(TrialId trial, double time, double reached);
    /// The attempt is over; the trial may go on in another one.
    void on_ended(TrialId trial) { runs_[trial].attempt = Attempt::none; }
    /// The trial has come to its own end.
    void on_completed(TrialId trial, double time);
    /// The trial will go on from there: from an earlier checkpoint, or from that of another one.
    void move(TrialId trial, double reached) { runs_[trial].reached = reached; }
    /// The trial has ended, or begins anew.
    void forget(TrialId trial) { runs_.erase(trial); }

    [[nodiscard]] double reached(TrialId trial) const { return run_of(trial).reached; }

    /// Seconds from a start of the trial, or from its last report while it runs, until it reaches the goal or ends;
    /// `goal` infinite: until it ends. Nothing before there is anything to judge by.
    [[nodiscard]] std::optional<double> seconds_to(double goal, TrialId trial) const {
        return seconds_to(goal, run_of(trial));
    }
    /// Seconds that a new trial needs until it has come to its own end.
    [[nodiscard]] std::optional<double> seconds_of_whole_trial() const { return seconds_to(infinite, Run{}); }
    /// Seconds until its next report, from the same moment.
    [[nodiscard]] std::optional<double> seconds_to_report(TrialId trial) const {
        return seconds_to_report(run_of(trial));
    }
    /// When that moment was. \pre the trial runs
    [[nodiscard]] double last_sign(TrialId trial) const { return runs_.at(trial).last; }
    /// The longest time that an attempt has lasted that runs.
    [[nodiscard]] double longest_run(double now) const;

  private:
    /// How reports follow each other.
    struct Rhythm {
        RecentMean first;     ///< seconds from the start of an attempt to its first report
        RecentMean interval;  ///< seconds between two reports
        RecentMean step;      ///< of the time attribute
    };
    enum class Attempt { none, started, reported };
    struct Run {
        Rhythm rhythm;
        double reached{0.0};
        double began{0.0};  ///< of the attempt
        double last{0.0};   ///< report, or start of the attempt
        Attempt attempt{Attempt::none};
    };

    static constexpr double infinite = std::numeric_limits<double>::infinity();

    [[nodiscard]] Run run_of(TrialId trial) const;
    [[nodiscard]] std::optional<double> seconds_to(double goal, const Run& run) const;
    [[nodiscard]] std::optional<double> seconds_to_report(const Run& run) const;
    [[nodiscard]] std::optional<double> first_report_after(const Run& run) const;
    [[nodiscard]] std::optional<double> interval_of(const Run& run) const;

    Rhythm rhythm_;         ///< of all trials
    RecentMean ends_at_;    ///< what trials have reached at their own end
    RecentMean last_part_;  ///< seconds from the last report to the end
    std::unordered_map<TrialId, Run> runs_;
};

}  // namespace hpogrid::study
