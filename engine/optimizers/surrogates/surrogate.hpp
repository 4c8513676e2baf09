#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/acquisition/acquisition.hpp"
#include "engine/optimizers/acquisition/maximizer.hpp"
#include "engine/optimizers/acquisition/process_acquisition.hpp"
#include "engine/optimizers/optimizer.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <memory>

namespace hpogrid::optimizers {

/// A model of a study's trials, for algorithms whose users choose one.
class Surrogate {
  public:
    Surrogate() = default;
    Surrogate(const Surrogate&) = delete;
    Surrogate& operator=(const Surrogate&) = delete;
    virtual ~Surrogate() = default;

    /// To be called for what the history has just taken in.
    virtual void learn(const Observation& observation) = 0;
    /// Trials that have ended.
    [[nodiscard]] virtual std::size_t ended() const noexcept = 0;
    /// Brings the model up to date with all trials, pending ones included. Answers false while no trial is finished.
    [[nodiscard]] virtual bool update(RandomStream& random) = 0;

    // As of the last update().

    /// The lowest target of a finished trial, in standard deviations of the scores.
    [[nodiscard]] virtual double best_target() const = 0;
    /// Expected targets. `features` [feature][point]; answers [point].
    [[nodiscard]] virtual Eigen::VectorXd mean(const Eigen::MatrixXd& features) const = 0;
    /// The criterion over this model, which the next update() invalidates.
    [[nodiscard]] virtual std::unique_ptr<Acquisition> acquisition(const PointwiseCriterion& criterion) const = 0;
    /// Whether acquisitions are smooth.
    [[nodiscard]] virtual bool smooth() const noexcept = 0;
    /// What a search may take.
    [[nodiscard]] virtual MaximizerLimits limits() const = 0;
};

}  // namespace hpogrid::optimizers
