#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <functional>

namespace hpogrid::numerics {

/// A smooth function: answers its value at `x` and writes its gradient, of the same size. Values that are not finite
/// are steps too far.
using SmoothFunction = std::function<double(const Eigen::VectorXd& x, Eigen::VectorXd& gradient)>;

struct MinimizerLimits {
    std::size_t evaluations{50};
    std::size_t iterations{30};
    /// Length of the first step, in units of x: how far a start may be from its minimum.
    double first_step{1.0};
    /// Ends when the projected gradient, by first_step, is smaller than this.
    double gradient_tolerance{1e-5};
    /// Ends when an iteration gains less than this, relative to the value or 1.
    double value_tolerance{1e-9};
};

struct Minimum {
    Eigen::VectorXd x;
    double value;  ///< infinite if the function is nowhere finite on the way
    std::size_t evaluations;
};

/// The lowest point seen by L-BFGS-B between `lower` and `upper`, from `start`, which is moved inside. Never throws for
/// what the function answers: where the line search gives up, it starts again from the best point, and then ends.
[[nodiscard]] Minimum minimize_bounded(const SmoothFunction& function, const Eigen::VectorXd& start,
                                       const Eigen::VectorXd& lower, const Eigen::VectorXd& upper,
                                       const MinimizerLimits& limits);

}  // namespace hpogrid::numerics
