#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/gaussian_process/kernel.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

namespace hpogrid::optimizers {

/// Uniform in the unit cube. [feature][point]
inline Eigen::MatrixXd random_features(Eigen::Index features, Eigen::Index points, std::uint64_t seed = 1) {
    RandomStream random{seed, 0, RandomPurpose::simulation};
    return Eigen::MatrixXd::NullaryExpr(features, points, [&] { return random.uniform(); });
}

/// A smooth function with some noise. [point]
inline Eigen::VectorXd wavy_targets(const Eigen::MatrixXd& features, double noise = 0.05, std::uint64_t seed = 2) {
    RandomStream random{seed, 0, RandomPurpose::simulation};
    Eigen::VectorXd targets(features.cols());
    for (Eigen::Index i = 0; i < targets.size(); ++i) {
        targets(i) = std::sin(5.0 * features(0, i)) + features.col(i).squaredNorm() + noise * random.normal();
    }
    return targets;
}

/// The covariance written out entry by entry, noise on the diagonal.
inline Eigen::MatrixXd direct_covariance(const Kernel& kernel, const Hyperparameters& hyperparameters,
                                         const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
    Eigen::MatrixXd covariance(a.cols(), b.cols());
    const Eigen::VectorXd inverse = kernel.inverse_scales(hyperparameters);
    for (Eigen::Index i = 0; i < a.cols(); ++i) {
        for (Eigen::Index j = 0; j < b.cols(); ++j) {
            const double r2 = inverse.cwiseProduct(a.col(i) - b.col(j)).squaredNorm();
            Eigen::MatrixXd entry = Eigen::MatrixXd::Constant(1, 1, r2);
            apply_profile(kernel.smoothness, hyperparameters.amplitude, entry);
            covariance(i, j) = entry(0);
        }
    }
    return covariance;
}

/// A function drawn from the process itself, noise included. [point]
inline Eigen::VectorXd drawn_targets(const Kernel& kernel, const Hyperparameters& hyperparameters,
                                     const Eigen::MatrixXd& features, std::uint64_t seed) {
    RandomStream random{seed, 1, RandomPurpose::simulation};
    Eigen::MatrixXd covariance = direct_covariance(kernel, hyperparameters, features, features);
    covariance.diagonal().array() += hyperparameters.noise;
    const Eigen::VectorXd normal = Eigen::VectorXd::NullaryExpr(features.cols(), [&] { return random.normal(); });
    return covariance.llt().matrixL() * normal;
}

}  // namespace hpogrid::optimizers
