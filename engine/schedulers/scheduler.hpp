#pragma once

#include "engine/core/ids.hpp"
#include "engine/space/value.hpp"

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace hpogrid::schedulers {

enum class Decision {
    proceed,   ///< let the trial go on
    stop,      ///< end it now: it is not worth its resources
    complete,  ///< end it now: it has had all the time that a trial may have
    pause,     ///< give its place to others; it goes on from its checkpoint when next_resumed() names it
};

/// A report as a scheduler sees it.
struct Progress {
    TrialId trial;
    /// Value of the configured `time_attr` ("training_iteration", "time_total_s" or any reported key).
    double time{0.0};
    /// To be *minimised*. Not finite when the trial reported NaN or infinity: such values never enter a rung.
    double score{0.0};
    /// Whether there are trials that have not begun, or there will be.
    bool new_trials_wait{false};
    /// Whether the trial has a checkpoint: paused without one, it starts again from the beginning.
    bool can_go_on{true};
};

/// A trial that is paused, or was just told to pause, ends for good: `how` is stop or complete.
struct EndPaused {
    TrialId trial;
    Decision how{Decision::stop};
};

/// A trial that is paused, or was just told to pause, goes on later from the last checkpoint of `source` and with the
/// hyperparameters `point`.
struct Exploit {
    TrialId trial;
    TrialId source;
    space::Point point;
};

/// A place that is free for a trial.
struct Vacancy {
    /// Whether a new trial gets it where no paused one does.
    bool new_trials_wait{false};
    /// Whether there is time for what this paused trial would do next, up to its next_judgement().
    std::function<bool(TrialId)> has_time_for{[](TrialId) { return true; }};
};

/// What a scheduler wants of trials other than through its answer to a report.
using Order = std::variant<EndPaused, Exploit>;

/// Decides the fate of trials from their reports. Pure and deterministic: replaying the same calls gives the same
/// decisions.
///
/// A scheduler that pauses trials names milestones. A trial saves a checkpoint and waits for the decision at its first
/// report at or beyond its milestone, so it never trains on beyond the point where it was paused; before it, it runs
/// freely. After each call the study collects the orders.
class Scheduler {
  public:
    static constexpr double never = std::numeric_limits<double>::infinity();

    explicit Scheduler(std::string time_attribute) : time_attribute_{std::move(time_attribute)} {}
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;
    virtual ~Scheduler() = default;

    /// Key of a report that is its time.
    [[nodiscard]] const std::string& time_attribute() const noexcept { return time_attribute_; }

    /// Names of hyperparameters that it may change while a trial trains.
    [[nodiscard]] virtual std::vector<std::string> changing() const { return {}; }

    /// A new trial: it waits to run.
    virtual void on_trial_added(TrialId trial, const space::Point& point) = 0;
    [[nodiscard]] virtual Decision on_report(const Progress& progress) = 0;
    /// The trial ends by itself or by a `stop` condition after its last report `progress`, which on_report() has seen
    /// in the first case only.
    virtual void on_trial_completed(const Progress& progress) = 0;
    /// The trial ended without a result.
    virtual void on_trial_removed(TrialId trial) = 0;
    /// The trial starts again from the beginning: what it reported so far is void for it. A trial that goes on from its
    /// checkpoint is not announced, its time goes back.
    virtual void on_trial_restarted(TrialId trial) = 0;

    /// Time at which the trial is to wait for a decision, asked for when it starts and after each decision to proceed.
    [[nodiscard]] virtual double milestone(TrialId /*trial*/) const { return never; }
    /// Time to which the trial trains before it is judged again, asked for when it could start, go on or proceed;
    /// `never`: to its own end. A milestone is one, but not every trial that is judged waits for the decision.
    [[nodiscard]] virtual double next_judgement(TrialId trial) const { return milestone(trial); }
    /// The trial that was told to pause has left its place.
    virtual void on_trial_paused(TrialId /*trial*/) {}
    /// The paused trial that gets the place, if one is to go on now and has the time.
    [[nodiscard]] virtual std::optional<TrialId> next_resumed(const Vacancy& /*vacancy*/) { return std::nullopt; }
    /// Whether paused trials that may go on do so before new ones start: none of these is then to be sent ahead to a
    /// busy worker, where it would take the place of a trial that may go on any moment.
    [[nodiscard]] virtual bool resumes_first() const { return false; }
    /// The paused trial goes on, chosen by next_resumed() or, in a replay under other circumstances, not.
    virtual void on_trial_resumed(TrialId /*trial*/) {}
    /// Trials are paused, none runs, and no new one will come: at least one of them must end or become resumable.
    virtual void on_stall() {}

    [[nodiscard]] std::vector<Order> take_orders() { return std::exchange(orders_, {}); }

  protected:
    void give(Order order) { orders_.push_back(std::move(order)); }

  private:
    std::string time_attribute_;
    std::vector<Order> orders_;
};

}  // namespace hpogrid::schedulers
