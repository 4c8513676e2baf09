#pragma once

#include <Eigen/Core>

namespace hpogrid::numerics {

/// What a model believes of the function at some points. `mean` has a row for each output of the model.
struct Prediction {
    Eigen::MatrixXd mean;      ///< [output][point]
    Eigen::VectorXd variance;  ///< of the function without the noise of observations; above 0. [point]
};

}  // namespace hpogrid::numerics
