#include "engine/numerics/cholesky.hpp"

#include <Eigen/Cholesky>

namespace hpogrid::numerics {
namespace {

using Eigen::Index;
using Eigen::Lower;

void invert_small(Eigen::Ref<Eigen::MatrixXd> factor) {
    const Eigen::MatrixXd identity = Eigen::MatrixXd::Identity(factor.rows(), factor.cols());
    factor = factor.triangularView<Lower>().solve(identity).eval();
}

}  // namespace

double cholesky_with_jitter(const Eigen::Ref<const Eigen::MatrixXd>& covariance, double noise, double amplitude,
                            Eigen::Ref<Eigen::MatrixXd> factor) {
    for (const double step : jitter_ladder) {
        const double jitter = step * amplitude;
        factor = covariance;
        factor.diagonal().array() += noise + jitter;
        const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> in_place{factor};
        // A pivot lost in rounding makes everything after it meaningless: the factorisation may still call it success.
        const double least = 1e-15 * (amplitude + noise);
        if (in_place.info() == Eigen::Success && factor.diagonal().cwiseAbs2().minCoeff() > least) {
            return jitter;
        }
    }
    return -1.0;
}

void invert_lower_triangle(Eigen::Ref<Eigen::MatrixXd> factor) {
    constexpr Index small = 48;
    const Index n = factor.rows();
    if (n <= small) {
        invert_small(factor);
        return;
    }
    // [A 0; B C]⁻¹ = [A⁻¹ 0; −C⁻¹ B A⁻¹ C⁻¹]
    const Index half = n / 2;
    auto first = factor.topLeftCorner(half, half);
    auto second = factor.bottomRightCorner(n - half, n - half);
    auto corner = factor.bottomLeftCorner(n - half, half);
    invert_lower_triangle(first);
    invert_lower_triangle(second);
    const Eigen::MatrixXd product = corner * first.triangularView<Lower>();
    corner.noalias() = -(second.triangularView<Lower>() * product);
    factor.topRightCorner(half, n - half).setZero();
}

}  // namespace hpogrid::numerics
