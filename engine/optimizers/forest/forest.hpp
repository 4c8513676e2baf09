#pragma once

#include "engine/core/random.hpp"
#include "engine/numerics/prediction.hpp"
#include "engine/optimizers/forest/regression_tree.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <vector>

namespace hpogrid::optimizers {

struct ForestOptions {
    TreeOptions tree{};
    std::size_t trees{100};
    bool bootstrap{true};  ///< each tree learns from as many rows as there are, drawn with replacement
};

/// Regression trees whose disagreement, together with the spread in their leaves, is the variance of the prediction
/// (law of total variance: Hutter, Xu, Hoos, Leyton-Brown, "Algorithm runtime prediction: methods and evaluation",
/// Artificial Intelligence 206 (2014), section 4.3.2).
class Forest {
  public:
    /// `features` [feature][row], `targets` [row], finite, not empty.
    Forest(const Eigen::MatrixXd& features, const Eigen::VectorXd& targets, const ForestOptions& options,
           RandomStream& random);

    /// `features` [feature][point].
    [[nodiscard]] numerics::Prediction predict(const Eigen::Ref<const Eigen::MatrixXd>& features) const;

  private:
    std::vector<RegressionTree> trees_;
};

}  // namespace hpogrid::optimizers
