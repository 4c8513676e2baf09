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
    Eigen::VectorXd doubts;   ///< variances of the targets of trials that were ended early; empty if none was. [trial]
};

/// Which scores of trials count.
enum class Training : std::uint8_t {
    as_it_was,
    full,  ///< what FullTraining expects of those that were ended early
};

/// Scaled scores of trials, by index, that are finished or failed, the latter as worse than the worst.
[[nodiscard]] TrialTargets targets_of(const TrialHistory& history, std::span<const std::uint32_t> trials,
                                      ScoreScale::Shape shape, Training training = Training::as_it_was);

}  // namespace hpogrid::optimizers
