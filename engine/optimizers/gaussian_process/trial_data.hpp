#pragma once

#include "engine/optimizers/features/feature_map.hpp"
#include "engine/optimizers/gaussian_process/score_scale.hpp"
#include "engine/optimizers/trial_history.hpp"

#include <Eigen/Core>

#include <cstdint>
#include <span>

namespace hpogrid::optimizers {

/// Features of trials, by index, that are not absent. [feature][trial]
[[nodiscard]] Eigen::MatrixXd features_of(const FeatureMap& map, const TrialHistory& history,
                                          std::span<const std::uint32_t> trials);

struct TrialTargets {
    ScoreScale scale;
    Eigen::VectorXd targets;  ///< [trial]
};

/// Scaled scores of trials, by index, that are finished or failed, the latter as worse than the worst.
[[nodiscard]] TrialTargets targets_of(const TrialHistory& history, std::span<const std::uint32_t> trials,
                                      ScoreScale::Shape shape);

}  // namespace hpogrid::optimizers
