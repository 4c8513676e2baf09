#include "engine/numerics/bounded_minimizer.hpp"

#include <LBFGSB.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace hpogrid::numerics {
namespace {

/// Ends the solver from within the function, which is the only place where it listens.
struct OutOfEvaluations {};

/// What the solver sees: the function in units of the first step, with every step too far replaced by a finite wall.
class ScaledFunction {
  public:
    ScaledFunction(const SmoothFunction& function, const MinimizerLimits& limits, Minimum& best)
        : function_{function}, limits_{limits}, best_{best} {}

    double operator()(const Eigen::VectorXd& scaled, Eigen::VectorXd& gradient) {
        if (best_.evaluations == limits_.evaluations) {
            throw OutOfEvaluations{};
        }
        ++best_.evaluations;
        x_ = scaled * limits_.first_step;
        double value = function_(x_, gradient);
        if (!std::isfinite(value) || !gradient.allFinite()) {
            gradient.setZero(scaled.size());
            return wall_;
        }
        if (value < best_.value) {
            best_.value = value;
            best_.x = x_;
        }
        wall_ = std::max(wall_, value + std::abs(value) + 1.0);
        gradient *= limits_.first_step;
        return value;
    }

  private:
    const SmoothFunction& function_;
    const MinimizerLimits& limits_;
    Minimum& best_;
    Eigen::VectorXd x_;
    double wall_{1e10};
};

}  // namespace

Minimum minimize_bounded(const SmoothFunction& function, const Eigen::VectorXd& start, const Eigen::VectorXd& lower,
                         const Eigen::VectorXd& upper, const MinimizerLimits& limits) {
    constexpr int most_restarts = 2;
    Minimum best{start.cwiseMax(lower).cwiseMin(upper), std::numeric_limits<double>::infinity(), 0};
    if (start.size() == 0) {
        return best;
    }
    LBFGSpp::LBFGSBParam<double> parameters;
    parameters.epsilon = limits.gradient_tolerance;
    parameters.epsilon_rel = 0.0;
    parameters.delta = limits.value_tolerance;
    parameters.max_iterations = static_cast<int>(limits.iterations);
    const Eigen::VectorXd scaled_lower = lower / limits.first_step;
    const Eigen::VectorXd scaled_upper = upper / limits.first_step;
    ScaledFunction scaled{function, limits, best};
    for (int attempt = 0; attempt <= most_restarts; ++attempt) {
        const double before = best.value;
        Eigen::VectorXd x = best.x / limits.first_step;
        double value = 0.0;
        try {
            LBFGSpp::LBFGSBSolver<double> solver{parameters};
            solver.minimize(scaled, x, value, scaled_lower, scaled_upper);
            break;
        } catch (const OutOfEvaluations&) {
            break;
        } catch (const std::exception&) {
            // The line search found no better point: the memory of curvatures may mislead it, so forget that.
            if (attempt > 0 && !(best.value < before)) {
                break;
            }
        }
    }
    // Scaling there and back may leave the bounds by a rounding.
    best.x = best.x.cwiseMax(lower).cwiseMin(upper);
    return best;
}

}  // namespace hpogrid::numerics
