#pragma once

#include "engine/core/random.hpp"
#include "engine/numerics/prediction.hpp"
#include "engine/optimizers/forest/regression_tree.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <vector>

namespace hpogrid::optimizers {

/// scikit-learn's defaults but for the number of trees, which is scikit-optimize's.
struct BoostingOptions {
    std::size_t trees{30};
    double learning_rate{0.1};
    TreeOptions tree{.min_samples_leaf = 1, .max_depth = 3};
};

/// Gradient boosting of one quantile: trees follow the sign of the residuals, and each leaf steps by the quantile of
/// the residuals in it. Source: Friedman, "Greedy function approximation: a gradient boosting machine", Annals of
/// Statistics 29 (2001), algorithm 1 with the loss of section 4.3 turned into the quantile's.
class BoostedQuantile {
  public:
    /// `features` [feature][row], `targets` [row], finite, not empty; `quantile` in (0, 1).
    BoostedQuantile(const Eigen::MatrixXd& features, const Eigen::VectorXd& targets, double quantile,
                    const BoostingOptions& options, RandomStream& random);

    /// `features` [feature][point]; answers [point].
    [[nodiscard]] Eigen::VectorXd predict(const Eigen::Ref<const Eigen::MatrixXd>& features) const;

  private:
    struct Stage {
        RegressionTree tree;
        std::vector<double> steps;  ///< [leaf]
    };
    double start_;
    std::vector<Stage> stages_;
};

/// The median as mean, and half the distance of the quantiles 0.16 and 0.84 as standard deviation.
class QuantileBoosting {
  public:
    QuantileBoosting(const Eigen::MatrixXd& features, const Eigen::VectorXd& targets, const BoostingOptions& options,
                     RandomStream& random);

    [[nodiscard]] numerics::Prediction predict(const Eigen::Ref<const Eigen::MatrixXd>& features) const;

  private:
    BoostedQuantile low_;
    BoostedQuantile median_;
    BoostedQuantile high_;
};

}  // namespace hpogrid::optimizers
