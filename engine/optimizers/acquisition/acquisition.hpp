#pragma once

#include <Eigen/Core>

namespace hpogrid::optimizers {

/// What an acquisition search maximises, over the features of a FeatureMap.
class Acquisition {
  public:
    Acquisition() = default;
    Acquisition(const Acquisition&) = delete;
    Acquisition& operator=(const Acquisition&) = delete;
    virtual ~Acquisition() = default;

    /// Higher is better; what is not finite is never chosen. `features` [feature][point]; answers [point].
    [[nodiscard]] virtual Eigen::VectorXd values(const Eigen::Ref<const Eigen::MatrixXd>& features) const = 0;

    /// Whether value_and_gradient() may be called.
    [[nodiscard]] virtual bool smooth() const noexcept = 0;
    /// At one point. `gradient` [feature].
    virtual double value_and_gradient(const Eigen::VectorXd& feature, Eigen::VectorXd& gradient) const = 0;
};

}  // namespace hpogrid::optimizers
