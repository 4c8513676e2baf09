#pragma once

#include "engine/numerics/prediction.hpp"
#include "engine/optimizers/features/feature_map.hpp"
#include "engine/optimizers/surrogates/surrogate.hpp"
#include "engine/optimizers/trial_history.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace hpogrid::optimizers {

/// Trees over a study's trials, grown anew for every suggestion. Pending trials count as if they had ended with the
/// worst score so far (a constant liar): trees have no doubt that could be taken from their places instead.
class TreeSurrogate final : public Surrogate {
  public:
    enum class Kind : std::uint8_t {
        random_forest,  ///< bootstrapped, best thresholds
        extra_trees,    ///< all rows, random thresholds
        quantile_boosting,
    };

    /// Both references outlive this.
    TreeSurrogate(const FeatureMap& map, const TrialHistory& history, Kind kind);

    void learn(const Observation& observation) override;
    std::size_t ended() const noexcept override { return ended_.size(); }
    bool update(RandomStream& random) override;
    double best_target() const override { return best_target_; }
    Eigen::VectorXd mean(const Eigen::MatrixXd& features) const override;
    std::unique_ptr<Acquisition> acquisition(const PointwiseCriterion& criterion) const override;
    bool smooth() const noexcept override { return false; }
    MaximizerLimits limits() const override;

  private:
    const FeatureMap& map_;
    const TrialHistory& history_;
    Kind kind_;
    std::vector<std::uint32_t> ended_;  ///< indices of finished and failed trials, in their order
    double best_target_{0.0};
    PredictionAcquisition::Predictor predictor_;
};

}  // namespace hpogrid::optimizers
