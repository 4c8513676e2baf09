#pragma once

#include "engine/optimizers/features/feature_map.hpp"
#include "engine/optimizers/gaussian_process/hyperparameter_fit.hpp"
#include "engine/optimizers/gaussian_process/regression.hpp"
#include "engine/optimizers/gaussian_process/score_scale.hpp"
#include "engine/optimizers/gaussian_process/trial_data.hpp"
#include "engine/optimizers/optimizer.hpp"
#include "engine/optimizers/trial_history.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

struct TrialModelOptions {
    ProcessModel process;
    ScoreScale::Shape shape{};
    Training training{Training::as_it_was};
    /// Random starts of a fit beside the initial hyperparameters.
    std::size_t restarts{0};
    /// Hyperparameters are fitted to at most so many trials: the best quarter of that, and the others evenly.
    std::size_t most_fitted{400};
    FitLimits limits{};
};

/// The Gaussian process of a study: conditioned on what trials ended with (failures count as worse than the worst),
/// brought up to date row by row, its hyperparameters fitted anew whenever the number of trials has grown by a
/// twentieth. A pure function of the trials in the order in which they ended, however often it is asked in between.
class TrialModel {
  public:
    /// All but `options` outlive this.
    TrialModel(const FeatureMap& map, const TrialHistory& history, TrialModelOptions options, std::uint64_t seed);

    /// To be called for what the history has just taken in.
    void learn(const Observation& observation);

    /// Conditions the process on all trials that have ended. Imagined ones stay if none has ended since the last call,
    /// else they are forgotten. Answers false while no trial is finished.
    [[nodiscard]] bool update();
    /// Adds pending trials as if they had ended as expected, so that the doubt about their places is gone. Adds only
    /// what is new since the last call, if nothing else happened. \pre the last update() answered true
    void imagine_pending();
    /// Takes off everything that was imagined, here or by others.
    void forget_imagined();

    /// As of the last update(), imagined trials included. Its length-scales belong to the groups of the map.
    [[nodiscard]] const GaussianProcess& process() const noexcept { return process_; }
    /// For algorithms that imagine trials themselves.
    [[nodiscard]] GaussianProcess& process() noexcept { return process_; }
    /// Indices of the trials that have ended, in the order of the rows of the process; imagined rows come after them.
    [[nodiscard]] std::span<const std::uint32_t> ended() const noexcept { return ended_; }
    /// What each row was conditioned on. [row]
    [[nodiscard]] const Eigen::VectorXd& targets() const noexcept { return targets_; }
    [[nodiscard]] const ScoreScale& scale() const noexcept { return scale_; }
    /// The lowest target of a finished trial. \pre the last update() answered true
    [[nodiscard]] double best_target() const;
    /// See trial_data.hpp.
    [[nodiscard]] Eigen::MatrixXd features_of(std::span<const std::uint32_t> trials) const;

  private:
    [[nodiscard]] std::vector<Hyperparameters> starts(std::size_t rows) const;
    void fit(std::size_t rows);
    [[nodiscard]] double doubt_of_row(Eigen::Index row, const TrialTargets& all) const;
    void condition_on_targets();

    const FeatureMap& map_;
    const TrialHistory& history_;
    TrialModelOptions options_;
    std::uint64_t seed_;
    std::vector<std::uint32_t> ended_;     ///< indices of finished and failed trials, in their order
    std::size_t next_fit_{1};              ///< rows from which they are fitted again
    Eigen::Index observed_{0};             ///< rows of the process that are observations
    std::vector<std::uint32_t> imagined_;  ///< indices of pending trials whose rows follow
    Eigen::VectorXd targets_;
    ScoreScale scale_{{}};
    GaussianProcess process_;
};

/// Which of the rows with these targets to learn hyperparameters from, ascending: all up to `most`, else a quarter of
/// `most` the lowest targets, and the others evenly from the rest in their order.
[[nodiscard]] std::vector<std::size_t> representative_rows(const Eigen::VectorXd& targets, std::size_t most);

}  // namespace hpogrid::optimizers
