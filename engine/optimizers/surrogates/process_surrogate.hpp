#pragma once

#include "engine/optimizers/gaussian_process/trial_model.hpp"
#include "engine/optimizers/surrogates/surrogate.hpp"

#include <cstdint>

namespace hpogrid::optimizers {

/// A TrialModel, with pending trials imagined at the posterior mean.
class ProcessSurrogate final : public Surrogate {
  public:
    /// All but `options` outlive this.
    ProcessSurrogate(const FeatureMap& map, const TrialHistory& history, TrialModelOptions options, std::uint64_t seed);

    void learn(const Observation& observation) override { model_.learn(observation); }
    std::size_t ended() const noexcept override { return model_.ended().size(); }
    bool update(RandomStream& random) override;
    double best_target() const override { return model_.best_target(); }
    Eigen::VectorXd mean(const Eigen::MatrixXd& features) const override;
    std::unique_ptr<Acquisition> acquisition(const PointwiseCriterion& criterion) const override;
    bool smooth() const noexcept override { return true; }
    MaximizerLimits limits() const override;

  private:
    TrialModel model_;
};

}  // namespace hpogrid::optimizers
