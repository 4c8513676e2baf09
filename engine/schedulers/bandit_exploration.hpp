#pragma once

#include "engine/schedulers/exploration.hpp"
#include "engine/schedulers/hyperparameter_range.hpp"
#include "engine/schedulers/time_varying_process.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <deque>
#include <map>
#include <string_view>
#include <vector>

namespace hpogrid::schedulers {

/// How population-based bandits choose hyperparameters: a time-varying Gaussian process learns from the whole
/// population how much the score gains in an interval, by time, score and hyperparameters at its beginning; the
/// hyperparameters with the highest upper confidence bound of the gain are explored, those whose gain is still to come
/// left aside.
///
/// Source: Parker-Holder, Nguyen and Roberts, "Provably Efficient Online Hyperparameter Optimization with
/// Population-Based Bandits", NeurIPS 2020, algorithm 1, in the form of Ray Tune's PB2: gains are by time, standardised
/// and cut off at two standard deviations; the bound is mean + √β · deviation with β = 0.2 + max(0, ln(0.4 n)) after n
/// gains; until there is one, the hyperparameters of the source are kept.
///
/// Deviations from Ray, towards the paper: the bound has the deviation where Ray has the variance; observations are
/// noisy; time is counted in intervals instead of being normalised, so that the past can be forgotten altogether; a
/// gain belongs to the score at its beginning, and so does the gain to come (Ray takes the score one interval before);
/// scores, which lie apart where hyperparameters are the same, have a length-scale of their own; points to come share
/// the hyperparameters of the process instead of having it fitted to imagined gains. Beyond both: distances are those
/// of the sampling method (logarithmic where it samples logarithms), and the last 100 gains count (Ray chooses between
/// the last 200 and 1000 by likelihood); the process is fitted again when gains have grown by a twentieth of what it
/// knows.
class BanditExploration final : public Exploration {
  public:
    struct Options {
        double interval{60};           ///< unit of time
        std::size_t most_gains{100};   ///< that are learnt from: the latest ones
        std::size_t most_pending{50};  ///< gains to come that are left aside: of those that began last
        std::size_t candidates{100};   ///< random places; searches for the highest bound begin at the best of them
        std::size_t starts{2};         ///< of these searches, beside the source's hyperparameters
    };

    /// `bounds`: `hyperparam_bounds`, from names to [low, high], in the search space or not; null = all numbers of the
    /// search space. Other hyperparameters are inherited. `owner`: the scheduler, for messages. Throws InputError.
    /// `space` must outlive this.
    BanditExploration(const space::Space& space, const nlohmann::json& bounds, Options options, std::string_view owner);

    [[nodiscard]] std::vector<std::string> names() const override;
    void on_interval(TrialId trial, const space::Point& point, double time, double score) override;
    void forget(TrialId trial) override { runs_.erase(trial); }
    [[nodiscard]] space::Point explore(TrialId trial, TrialId source, const space::Point& point,
                                       RandomStream& random) override;

  private:
    /// One hyperparameter that is explored.
    struct Gene {
        std::size_t parameter;
        HyperparameterRange range;
    };
    /// Where a trial began its present interval.
    struct Run {
        double time;               ///< in intervals
        double score;              ///< to be minimised
        bool explores{false};      ///< with hyperparameters that were chosen here
        Eigen::VectorXd places{};  ///< [gene], in the unit interval
    };
    struct Gain {
        Run before;
        double by_time;
    };

    [[nodiscard]] Eigen::VectorXd places(const space::Point& point) const;
    /// From scores to the range of those that gains began with as unit.
    struct ScoreScale {
        double lowest;
        double range;
        [[nodiscard]] double operator()(double score) const { return range > 0.0 ? (score - lowest) / range : 0.0; }
    };
    [[nodiscard]] ScoreScale score_scale() const;
    /// Runs whose hyperparameters were chosen here and whose gain is still to come.
    [[nodiscard]] std::vector<const Run*> pending() const;
    [[nodiscard]] TimeVaryingProcess learn(const ScoreScale& scale);
    [[nodiscard]] Eigen::VectorXd highest_bound(const TimeVaryingProcess& process, TimeVaryingProcess::Place start,
                                                RandomStream& random) const;

    const space::Space& space_;
    Options options_;
    std::vector<Gene> genes_;
    std::map<TrialId, Run> runs_;  ///< in their order: a replay must add the same numbers up in the same order
    std::deque<Gain> gains_;
    TimeVaryingProcess::Hyperparameters fitted_;
    std::size_t gained_{0};    ///< gains so far
    std::size_t next_fit_{1};  ///< gains from which on hyperparameters are fitted again
};

}  // namespace hpogrid::schedulers
