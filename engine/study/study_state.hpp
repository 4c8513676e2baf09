#pragma once

#include "engine/study/forecast.hpp"
#include "engine/study/pace.hpp"
#include "engine/study/study.hpp"
#include "engine/study/workforce.hpp"

#include <deque>
#include <unordered_map>

namespace hpogrid::study {

/// The study's state and its transitions, one function an event.
class Study::State {
  public:
    State(Settings settings, std::unique_ptr<schedulers::Scheduler> scheduler);

    void apply(const Event& event, std::vector<Action>& actions);
    [[nodiscard]] std::uint64_t digest() const;

    [[nodiscard]] std::optional<Checkpoint> checkpoint_of(const Trial& trial) const;
    [[nodiscard]] const std::string& time_attribute() const noexcept { return scheduler_->time_attribute(); }
    [[nodiscard]] bool out_of_time() const noexcept;
    [[nodiscard]] std::vector<TrialId> running_out_of_time(double now, double warning) const;
    [[nodiscard]] double score(double objective) const noexcept { return study::score(settings.mode, objective); }

    Settings settings;
    std::vector<Trial> trials;
    MetricTable metrics;
    Counts counts;
    Workforce workforce;
    CheckpointBook checkpoints;
    std::optional<TrialId> best;
    std::size_t accepted_reports{0};
    bool finished{false};
    bool stop_requested{false};

  private:
    /// What was decided about a running attempt: its later reports no longer count.
    enum class Verdict : std::uint8_t { none, stop, complete, pause, cancel };

    void on(const WorkerJoined& event);
    void on(const WorkerLost& event);
    void on(const Suggested& event);
    void on(const SuggestionsExhausted& event);
    void on(const TrialStarted& event);
    void on(const TrialReported& event);
    void on(const TrialEnded& event);
    void on(const StopRequested& event);
    void on(const StudyResumed& event);
    void on(const CheckpointSaved& event);
    void on(const CheckpointLost& event);
    void on(const StudyPlanned& event);
    void on(const DeadlineSet& event);
    void on(const TimePassed& event);

    Trial* current(TrialId id, std::uint32_t attempt);
    void set_state(Trial& trial, TrialState state);
    void enqueue(Trial& trial);
    /// Queues the trial again with the next attempt, to go on from its checkpoint or from the beginning.
    void restart(Trial& trial);
    void forget_reports(Trial& trial);
    /// A running attempt has ended, after a verdict on it or not.
    void lose(Trial& trial, const std::string& reason);
    void conclude(Trial& trial);
    /// Answers whether the report has the objective.
    bool record_metrics(Trial& trial, const Report& report);
    void fail(Trial& trial, TrialState state);
    void end_by_itself(Trial& trial);
    void end_as_judged(Trial& trial, TrialState state);
    /// \pre its last objective is finite
    void end_with_score(Trial& trial, TrialState state);
    void end_without_score(Trial& trial, TrialState state);
    void finish_trial(Trial& trial, TrialState state);
    void cancel(Trial& trial);
    void consider_as_best(const Trial& trial);
    [[nodiscard]] std::string missing_score(const Trial& trial) const;
    [[nodiscard]] double last_objective(const Trial& trial) const noexcept;

    // study_scheduling.cpp: what the scheduler decides, and checkpoints.
    void judge(Trial& trial, const Report& report, bool scored);
    [[nodiscard]] double scheduler_time(const Report& report) const;
    [[nodiscard]] schedulers::Progress progress(const Trial& trial, const Report& report) const;
    [[nodiscard]] schedulers::Progress last_progress(const Trial& trial) const;
    [[nodiscard]] schedulers::Decision decide(const schedulers::Progress& progress, const Report& report, bool scored);
    double set_milestone(const Trial& trial);
    void carry_out_orders();
    void carry_out(const schedulers::EndPaused& order);
    void carry_out(const schedulers::Exploit& order);
    void become_paused(Trial& trial);
    void hold(Trial& trial, CheckpointBook::Handle checkpoint);
    void let_go(Trial& trial);
    void release(CheckpointBook::Handle checkpoint);
    /// The report has come that a checkpoint belongs to, if one waits for it: the trial goes on from there now.
    void adopt_unreported(Trial& trial, const Report& report);
    void drop_unreported(const Trial& trial);
    void keep_best_checkpoints(const Trial& trial);

    // study_planning.cpp: what runs next, where.
    void assign_queued();
    [[nodiscard]] Trial* next_to_run(std::size_t ahead);
    void go_on(Trial& trial);
    [[nodiscard]] bool more_to_come() const noexcept;
    [[nodiscard]] bool new_trials_wait() const;
    void break_stall();
    [[nodiscard]] bool may_assign(const Workforce::Candidate& candidate) const;
    void ask_for_more();
    void finish_if_done();
    void tell(optimizers::Observation::Kind kind, const Trial& trial, double value = 0.0, double iteration = 0.0);

    // study_deadline.cpp: what there is time for.
    [[nodiscard]] double seconds_to_judgement(const Trial& trial) const;
    [[nodiscard]] bool has_time_for(const Trial& trial, std::size_t ahead = 0) const;
    [[nodiscard]] bool is_saved_where_it_waits(const Trial& trial) const;
    [[nodiscard]] bool only_lacks_time();
    void move_forecast(const Trial& trial, const Trial& source);

    std::unique_ptr<schedulers::Scheduler> scheduler_;
    std::vector<Verdict> verdicts_;
    std::unordered_map<TrialId, double> milestones_;  ///< of attempts that are to wait at one
    /// Saved by running attempts, before the report that they belong to has come.
    std::unordered_map<TrialId, CheckpointBook::Handle> unreported_;
    CheckpointQuota quota_;
    std::deque<TrialId> queue_;  ///< may hold trials that are no longer queued: skipped when met
    Pace pace_;
    Forecast forecast_;
    std::optional<double> deadline_;
    double now_{0.0};       ///< of the last time that the controller told, where there is a deadline
    std::size_t asked_{0};  ///< suggestions on their way
    bool exhausted_{false};
    std::vector<Action>* actions_{nullptr};  ///< of the event that is being applied
};

}  // namespace hpogrid::study
