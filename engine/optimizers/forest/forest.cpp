#include "engine/optimizers/forest/forest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace hpogrid::optimizers {
namespace {

using Eigen::Index;

/// Where all trees agree on leaves of equal targets. Targets are standardised.
constexpr double least_variance = 1e-10;

}  // namespace

Forest::Forest(const Eigen::MatrixXd& features, const Eigen::VectorXd& targets, const ForestOptions& options,
               RandomStream& random) {
    const auto count = static_cast<std::size_t>(targets.size());
    for (std::size_t tree = 0; tree < options.trees; ++tree) {
        std::vector<std::size_t> rows(count);
        if (options.bootstrap) {
            std::ranges::generate(rows, [&] { return static_cast<std::size_t>(random.below(count)); });
        } else {
            std::iota(rows.begin(), rows.end(), std::size_t{0});
        }
        trees_.emplace_back(features, targets, std::move(rows), options.tree, random);
    }
}

numerics::Prediction Forest::predict(const Eigen::Ref<const Eigen::MatrixXd>& features) const {
    Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(features.cols());
    Eigen::VectorXd second_moment = Eigen::VectorXd::Zero(features.cols());
    const double share = 1.0 / static_cast<double>(trees_.size());
    for (const RegressionTree& tree : trees_) {
        for (Index point = 0; point < features.cols(); ++point) {
            const RegressionTree::Leaf& leaf = tree.leaves()[tree.leaf_of(features.col(point).data())];
            mean(point) += share * leaf.mean;
            second_moment(point) += share * (leaf.variance + leaf.mean * leaf.mean);
        }
    }
    return {mean, (second_moment - mean.transpose().cwiseAbs2()).cwiseMax(least_variance)};
}

}  // namespace hpogrid::optimizers
