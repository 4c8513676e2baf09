#pragma once

#include "engine/core/random.hpp"
#include "engine/schedulers/registry.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <vector>

namespace hpogrid::schedulers {

/// One bracket of asynchronous successive halving: rungs at grace·factor^(k + bracket), k = 0, 1, …, up to max_t.
///
/// The rule is that of Ray Tune's AsyncHyperBandScheduler, after Li et al., "A System for Massively Parallel
/// Hyperparameter Tuning", MLSys 2020: a report is judged at the highest rung that it has reached and that has not
/// seen its trial yet. It stops when it is strictly worse than the (1 − 1/factor) quantile, linearly interpolated, of
/// the scores recorded there before it; so the first at a rung always passes. Either way its score is recorded.
class SuccessiveHalvingBracket {
  public:
    struct Shape {
        double grace_period{1};
        double max_t{100};
        double reduction_factor{4};
        std::size_t bracket{0};
        bool stop_last_trials{true};  ///< else a trial that passed a rung is not judged at the ones below
    };

    explicit SuccessiveHalvingBracket(const Shape& shape);

    /// `score` is to be minimised. NaN passes and is not recorded, as in Ray; what is infinite is judged and not
    /// recorded either (in Ray it is, and makes cutoffs of infinity and NaN). Answers whether the trial may go on.
    [[nodiscard]] bool passes(TrialId trial, double time, double score);
    /// Forgets that the trial was here; what it recorded at the rungs stays, as it stays in Ray.
    void forget(TrialId trial);

    /// Where the trial is judged next: milestone of the lowest rung that it may still be judged at; infinite if none is
    /// left.
    [[nodiscard]] double next_milestone(TrialId trial) const;

    [[nodiscard]] std::size_t rungs() const noexcept { return rungs_.size(); }

  private:
    struct Rung {
        double milestone;
        double quantile;
        std::unordered_set<TrialId> seen;
        std::vector<double> scores;  ///< ascending

        [[nodiscard]] double cutoff() const;
        void record(TrialId trial, double score);
    };
    std::vector<Rung> rungs_;  ///< highest milestone first
    bool stop_last_trials_{true};
};

/// `asynchyperband`: parameters and defaults of Ray's AsyncHyperBandScheduler (max_t 100, grace_period 1,
/// reduction_factor 4, brackets 1, stop_last_trials true, time_attr "training_iteration").
[[nodiscard]] std::unique_ptr<Scheduler> make_asynchyperband(const SchedulerContext& context);

}  // namespace hpogrid::schedulers
