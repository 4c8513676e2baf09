#include "engine/numerics/cholesky.hpp"

#include <gtest/gtest.h>

namespace hpogrid::numerics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

TEST(Cholesky, TakesTheSmallestJitterThatHelps) {
    MatrixXd factor(3, 3);
    const MatrixXd regular = MatrixXd::Identity(3, 3);
    EXPECT_EQ(cholesky_with_jitter(regular, 0.0, 1.0, factor), 0.0);
    const MatrixXd singular = MatrixXd::Ones(3, 3);
    const double jitter = cholesky_with_jitter(singular, 0.0, 2.0, factor);
    EXPECT_EQ(jitter, 2.0 * jitter_ladder[1]);
    const MatrixXd lower = factor.triangularView<Eigen::Lower>();
    EXPECT_LT((lower * lower.transpose() - singular - jitter * regular).cwiseAbs().maxCoeff(), 1e-14);
    EXPECT_LT(cholesky_with_jitter(-regular, 0.0, 1.0, factor), 0.0);
}

TEST(Cholesky, InvertsTriangles) {
    for (const Index n : {1, 48, 49, 200}) {
        MatrixXd factor = MatrixXd::Random(n, n).triangularView<Eigen::Lower>();
        factor.diagonal().array() += static_cast<double>(n);
        MatrixXd inverse = factor;
        invert_lower_triangle(inverse);
        EXPECT_LT((factor * inverse - MatrixXd::Identity(n, n)).cwiseAbs().maxCoeff(), 1e-12) << n;
        EXPECT_TRUE(inverse.isLowerTriangular(0.0)) << n;
    }
}

}  // namespace
}  // namespace hpogrid::numerics
