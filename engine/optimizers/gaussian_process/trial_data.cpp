#include "engine/optimizers/gaussian_process/trial_data.hpp"

#include "engine/optimizers/gaussian_process/full_training.hpp"

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

TrialTargets targets_of(const TrialHistory& history, std::span<const std::uint32_t> trials, ScoreScale::Shape shape,
                        Training training) {
    const FullTraining full{history, training == Training::full ? trials : std::span<const std::uint32_t>{}};
    Eigen::VectorXd targets(static_cast<Index>(trials.size()));
    std::vector<FullTraining::Expectation> scored;
    std::vector<double> scores;
    std::vector<Index> places;
    for (Index i = 0; i < targets.size(); ++i) {
        const KnownTrial& trial = history.trials()[trials[static_cast<std::size_t>(i)]];
        if (trial.state == KnownTrial::State::finished) {
            scored.push_back(full.of(trial));
            scores.push_back(scored.back().score);
            places.push_back(i);
        }
    }
    const ScoreScale scale{scores, shape};
    targets.setConstant(scale.failed());
    for (std::size_t i = 0; i < scored.size(); ++i) {
        targets(places[i]) = scale(scores[i]);
    }
    Eigen::VectorXd doubts;
    if (full.has_doubts()) {
        doubts.setZero(targets.size());
        for (std::size_t i = 0; i < scored.size(); ++i) {
            const double deviation =
                (scale(scores[i] + scored[i].deviation) - scale(scores[i] - scored[i].deviation)) / 2;
            doubts(places[i]) = deviation * deviation;
        }
    }
    return {scale, std::move(targets), std::move(doubts)};
}

}  // namespace hpogrid::optimizers
