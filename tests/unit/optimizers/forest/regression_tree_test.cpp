#include "engine/optimizers/forest/regression_tree.hpp"

#include "tests/unit/optimizers/gaussian_process/data_sets.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Thresholds = TreeOptions::Thresholds;

std::vector<std::size_t> all_rows(Index count) {
    std::vector<std::size_t> rows(static_cast<std::size_t>(count));
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return rows;
}

class Tree : public testing::Test {
  protected:
    RandomStream random_{1, 0, RandomPurpose::model};
};

TEST_F(Tree, SplitsWhereTheErrorFallsMost) {
    const MatrixXd features = (MatrixXd(2, 6) << 5, 1, 4, 2, 6, 3, 1, 2, 3, 4, 5, 6).finished();
    const VectorXd targets{{0, 0, 0, 9, 9, 9}};
    const RegressionTree tree{features, targets, all_rows(6), {.min_samples_leaf = 1}, random_};
    ASSERT_EQ(tree.leaves().size(), 2U);
    const VectorXd left{{9.0, 3.4}};
    const VectorXd right{{0.0, 3.6}};
    EXPECT_EQ(tree.leaves()[tree.leaf_of(left.data())].mean, 0.0);
    EXPECT_EQ(tree.leaves()[tree.leaf_of(right.data())].mean, 9.0);
}

TEST_F(Tree, KnowsMeanAndVarianceOfItsLeaves) {
    const RegressionTree tree{MatrixXd::Zero(1, 4), VectorXd{{1, 1, 3, 3}}, all_rows(4), {}, random_};
    ASSERT_EQ(tree.leaves().size(), 1U) << "equal features cannot be split";
    EXPECT_DOUBLE_EQ(tree.leaves()[0].mean, 2.0);
    EXPECT_DOUBLE_EQ(tree.leaves()[0].variance, 1.0);
}

TEST_F(Tree, KeepsLeavesAsLargeAsAskedAndPathsAsShort) {
    const MatrixXd features = random_features(3, 200);
    const VectorXd targets = wavy_targets(features, 0.5);
    for (const Thresholds thresholds : {Thresholds::best, Thresholds::random}) {
        const RegressionTree tree{features, targets, all_rows(200), {thresholds, 4}, random_};
        std::vector<std::size_t> rows_in(tree.leaves().size());
        std::vector<double> sums(tree.leaves().size());
        for (Index row = 0; row < 200; ++row) {
            const std::size_t leaf = tree.leaf_of(features.col(row).data());
            ++rows_in[leaf];
            sums[leaf] += targets(row);
        }
        for (std::size_t leaf = 0; leaf < rows_in.size(); ++leaf) {
            EXPECT_GE(rows_in[leaf], 4U);
            EXPECT_NEAR(sums[leaf] / static_cast<double>(rows_in[leaf]), tree.leaves()[leaf].mean, 1e-12);
        }
        EXPECT_GT(rows_in.size(), 15U);
        const RegressionTree shallow{features, targets, all_rows(200), {thresholds, 1, 2}, random_};
        EXPECT_LE(shallow.leaves().size(), 4U);
    }
}

TEST_F(Tree, CountsRepeatedRowsAsOften) {
    const RegressionTree tree{MatrixXd::Zero(1, 2), VectorXd{{0, 3}}, {0, 0, 1}, {}, random_};
    EXPECT_DOUBLE_EQ(tree.leaves()[0].mean, 1.0);
}

TEST_F(Tree, SplitsNeighbouringNumbers) {
    const double next = std::nextafter(1.0, 2.0);
    const MatrixXd features = (MatrixXd(1, 2) << 1.0, next).finished();
    for (const Thresholds thresholds : {Thresholds::best, Thresholds::random}) {
        const RegressionTree tree{features, VectorXd{{0, 1}}, all_rows(2), {thresholds, 1}, random_};
        EXPECT_EQ(tree.leaves().size(), 2U);
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
