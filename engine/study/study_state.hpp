#pragma once

#include "engine/study/pace.hpp"
#include "engine/study/study.hpp"
#include "engine/study/workforce.hpp"

#include <deque>

namespace hpogrid::study {

/// The study's state and its transitions, one function an event.
class Study::State {
  public:
    State(Settings settings, std::unique_ptr<schedulers::Scheduler> scheduler);

    void apply(const Event& event, std::vector<Action>& actions);
    [[nodiscard]] std::uint64_t digest() const;

    [[nodiscard]] double score(double objective) const noexcept {
        return settings.mode == Mode::minimize ? objective : -objective;
    }

    Settings settings;
    std::vector<Trial> trials;
    MetricTable metrics;
    Counts counts;
    Workforce workforce;
    std::optional<TrialId> best;
    std::size_t accepted_reports{0};
    bool finished{false};
    bool stop_requested{false};

  private:
    /// What was decided about a running attempt: its later reports no longer count.
    enum class Verdict : std::uint8_t { none, stop, complete };

    void on(const WorkerJoined& event);
    void on(const WorkerLost& event);
    void on(const Suggested& event);
    void on(const SuggestionsExhausted& event);
    void on(const TrialStarted& event);
    void on(const TrialReported& event);
    void on(const TrialEnded& event);
    void on(const StopRequested& event);
    void on(const StudyResumed& event);

    Trial* current(TrialId id, std::uint32_t attempt);
    void set_state(Trial& trial, TrialState state);
    void enqueue(Trial& trial);
    void restart(Trial& trial);
    /// Answers whether the report has the objective.
    bool record_metrics(Trial& trial, const Report& report);
    void judge(const Trial& trial, const Report& report, bool scored);
    void fail(Trial& trial, TrialState state);
    void end_with_score(Trial& trial, const TrialEnded& event);
    void end_without_score(Trial& trial, TrialState state);
    void finish_trial(Trial& trial, TrialState state);
    void cancel(Trial& trial);
    [[nodiscard]] std::string missing_score(const Trial& trial) const;
    [[nodiscard]] double last_objective(const Trial& trial) const noexcept;
    [[nodiscard]] schedulers::Progress progress(const Trial& trial, const Report& report) const;

    void assign_queued();
    [[nodiscard]] bool may_assign(const Workforce::Candidate& candidate) const;
    void ask_for_more();
    void finish_if_done();
    void tell(optimizers::Observation::Kind kind, const Trial& trial, double value = 0.0, double iteration = 0.0);

    std::unique_ptr<schedulers::Scheduler> scheduler_;
    std::vector<Verdict> verdicts_;
    std::deque<TrialId> queue_;  ///< may hold trials that are no longer queued: skipped when met
    Pace pace_;
    std::size_t asked_{0};  ///< suggestions on their way
    bool exhausted_{false};
    std::vector<Action>* actions_{nullptr};  ///< of the event that is being applied
};

}  // namespace hpogrid::study
