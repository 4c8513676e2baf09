#include "engine/optimizers/gaussian_process/trial_data.hpp"

#include <utility>
#include <vector>

namespace hpogrid::optimizers {

using Eigen::Index;

Eigen::MatrixXd features_of(const FeatureMap& map, const TrialHistory& history, std::span<const std::uint32_t> trials) {
    Eigen::MatrixXd features(static_cast<Index>(map.feature_count()), static_cast<Index>(trials.size()));
    for (std::size_t i = 0; i < trials.size(); ++i) {
        const KnownTrial& trial = history.trials()[trials[i]];
        map.write(trial.point, trial.unit, {features.col(static_cast<Index>(i)).data(), map.feature_count()});
    }
    return features;
}

TrialTargets targets_of(const TrialHistory& history, std::span<const std::uint32_t> trials, ScoreScale::Shape shape) {
    const auto trial = [&](Index i) -> const KnownTrial& {
        return history.trials()[trials[static_cast<std::size_t>(i)]];
    };
    Eigen::VectorXd targets(static_cast<Index>(trials.size()));
    std::vector<double> scores;
    for (Index i = 0; i < targets.size(); ++i) {
        if (trial(i).state == KnownTrial::State::finished) {
            scores.push_back(trial(i).score);
        }
    }
    const ScoreScale scale{scores, shape};
    for (Index i = 0; i < targets.size(); ++i) {
        const bool finished = trial(i).state == KnownTrial::State::finished;
        targets(i) = finished ? scale(trial(i).score) : scale.failed();
    }
    return {scale, std::move(targets)};
}

}  // namespace hpogrid::optimizers
