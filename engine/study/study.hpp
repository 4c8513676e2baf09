#pragma once

#include "engine/core/ids.hpp"
#include "engine/schedulers/scheduler.hpp"
#include "engine/study/action.hpp"
#include "engine/study/checkpoint_book.hpp"
#include "engine/study/checkpoint_quota.hpp"
#include "engine/study/event.hpp"
#include "engine/study/metric_table.hpp"
#include "engine/study/mode.hpp"
#include "engine/study/stop_conditions.hpp"
#include "engine/study/trial.hpp"
#include "engine/study/worker.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hpogrid::study {

struct Settings {
    std::string metric{"accuracy"};
    Mode mode{Mode::maximize};
    /// Exact number of trials of the study, unless the optimiser runs out of points before.
    std::size_t num_trials{100};
    /// Trials that may run at once over all workers; 0 = as many as there are slots.
    std::size_t max_concurrent{0};
    /// Further attempts of a trial that failed, timed out or ran out of memory.
    std::uint32_t retries{0};
    /// Further attempts of a trial whose worker died. Bounded, so that a trial that kills nodes ends as `lost`.
    std::uint32_t loss_retries{3};
    /// Suggestions held ready beyond the free slots, and trials sent to a worker beyond its free slots: at most
    /// Optimizer::lookahead(), less where trials are long (see Study).
    std::size_t lookahead{0};
    StopConditions stop;
    /// What is kept of ended trials. Checkpoints that may still be needed are kept whatever it says.
    CheckpointLimits checkpoints;
};

/// Trials by state.
struct Counts {
    std::size_t queued{0}, assigned{0}, running{0}, paused{0}, completed{0}, stopped{0}, failed{0}, timeout{0}, oom{0},
        lost{0}, cancelled{0};

    [[nodiscard]] std::size_t& of(TrialState state) noexcept;
    [[nodiscard]] std::size_t ended() const noexcept {
        return completed + stopped + failed + timeout + oom + lost + cancelled;
    }
    [[nodiscard]] std::size_t succeeded() const noexcept { return completed + stopped; }
};

/// The study: which trials exist, in which state, on which worker. A pure state machine: no MPI, files, clock, threads.
///
/// apply() takes one event and appends the actions that follow. The state is a function of the settings and the events,
/// so replaying a journal (and dropping all actions but TellOptimizer) restores it. Events that do not fit the state
/// (an attempt that was given up, a worker that was declared dead) change nothing: messages may arrive late, twice or
/// from the dead.
///
/// Invariants: each trial ends once; a worker runs at most `slots` trials; there are never more than `num_trials`
/// trials; a final trial never changes, but that one which was `cancelled` is queued again when the study is resumed; a
/// checkpoint is removed only when no trial that has not ended goes on from it.
class Study {
  public:
    Study(Settings settings, std::unique_ptr<schedulers::Scheduler> scheduler);
    Study(Study&&) noexcept;
    Study& operator=(Study&&) noexcept;
    ~Study();

    void apply(const Event& event, std::vector<Action>& actions);

    [[nodiscard]] const Settings& settings() const noexcept;
    [[nodiscard]] std::span<const Trial> trials() const noexcept;
    [[nodiscard]] const Trial& trial(TrialId id) const;
    [[nodiscard]] std::span<const Worker> workers() const noexcept;
    [[nodiscard]] const MetricTable& metrics() const noexcept;
    [[nodiscard]] const Counts& counts() const noexcept;
    /// The trial with the best objective of those that succeeded and, when the study was asked to stop, of those that
    /// this left unfinished; the first of equals.
    [[nodiscard]] std::optional<TrialId> best() const noexcept;
    /// Reports that counted, over all trials and attempts.
    [[nodiscard]] std::size_t accepted_reports() const noexcept;
    /// Best objective of a trial so far, NaN if it has none.
    [[nodiscard]] double objective(const Trial& trial) const noexcept;
    /// The checkpoints that are needed or kept.
    [[nodiscard]] const CheckpointBook& checkpoints() const noexcept;
    /// What the trial would go on from, or what is kept of it.
    [[nodiscard]] std::optional<Checkpoint> checkpoint(const Trial& trial) const;
    /// Key of a report that the scheduler takes as time.
    [[nodiscard]] const std::string& time_attribute() const noexcept;
    /// Nothing runs any more, and there is no time for what waits: the study should be asked to stop.
    [[nodiscard]] bool out_of_time() const noexcept;
    /// Running trials that are not expected to come to their end, or to where they are judged next, by the deadline,
    /// and have just time for another report: they should save themselves and end. `warning`: seconds that they have at
    /// least. Empty without a deadline.
    [[nodiscard]] std::vector<TrialId> running_out_of_time(double now, double warning) const;
    [[nodiscard]] bool finished() const noexcept;
    [[nodiscard]] bool stop_requested() const noexcept;
    /// A fingerprint of the whole state, for tests of replay.
    [[nodiscard]] std::uint64_t digest() const;

  private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace hpogrid::study
