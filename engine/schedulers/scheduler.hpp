#pragma once

#include "engine/core/ids.hpp"

namespace hpogrid::schedulers {

enum class Decision {
    proceed,   ///< let the trial go on
    stop,      ///< end it now: it is not worth its resources
    complete,  ///< end it now: it has had all the time that a trial may have
};

/// A report as a scheduler sees it.
struct Progress {
    TrialId trial;
    /// Value of the configured `time_attr` ("training_iteration", "time_total_s" or any reported key).
    double time{0.0};
    /// To be *minimised*. Not finite when the trial reported NaN or infinity: such values never enter a rung.
    double score{0.0};
};

/// Decides the fate of running trials from their reports. Pure and deterministic: replaying the same calls gives the
/// same decisions.
class Scheduler {
  public:
    Scheduler() = default;
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;
    virtual ~Scheduler() = default;

    /// An attempt of the trial begins.
    virtual void on_trial_added(TrialId trial) = 0;
    [[nodiscard]] virtual Decision on_report(const Progress& progress) = 0;
    /// The trial ended by itself after its last report `progress` (already seen by on_report).
    virtual void on_trial_completed(const Progress& progress) = 0;
    /// The trial ended without a result, or starts again from the beginning: what it reported so far is void for it.
    virtual void on_trial_removed(TrialId trial) = 0;
};

}  // namespace hpogrid::schedulers
