#include "engine/optimizers/forest/regression_tree.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hpogrid::optimizers {

using Eigen::Index;

class RegressionTree::Grower {
  public:
    Grower(RegressionTree& tree, const Eigen::MatrixXd& features, const Eigen::VectorXd& targets,
           const TreeOptions& options, RandomStream& random)
        : tree_{tree}, features_{features}, targets_{targets}, options_{options}, random_{random} {}

    /// Answers the index of the node made of these rows, which are put in another order.
    std::size_t grow(std::span<std::size_t> rows, std::size_t depth) {
        const std::size_t index = tree_.nodes_.size();
        tree_.nodes_.push_back({-1, 0.0, 0, 0});
        const Split split = depth < options_.max_depth ? best_split(rows) : Split{};
        if (split.feature < 0) {
            tree_.nodes_[index].left = tree_.leaves_.size();
            tree_.leaves_.push_back(leaf(rows));
            return index;
        }
        const auto goes_left = [&](std::size_t row) {
            return features_(split.feature, static_cast<Index>(row)) <= split.threshold;
        };
        // Not that of std::ranges: Clang 14 does not compile its subrange.
        const auto right = std::partition(rows.begin(), rows.end(), goes_left);
        const auto count = static_cast<std::size_t>(right - rows.begin());
        const std::size_t left_node = grow(rows.first(count), depth + 1);
        const std::size_t right_node = grow(rows.subspan(count), depth + 1);
        tree_.nodes_[index] = {split.feature, split.threshold, left_node, right_node};
        return index;
    }

  private:
    struct Split {
        Index feature{-1};
        double threshold{0.0};
        double gain{0.0};
    };
    /// Value of the feature and target of each row of a node.
    using Column = std::vector<std::pair<double, double>>;

    [[nodiscard]] double target(std::size_t row) const { return targets_(static_cast<Index>(row)); }

    [[nodiscard]] Leaf leaf(std::span<const std::size_t> rows) const {
        const auto count = static_cast<double>(rows.size());
        double mean = 0.0;
        for (const std::size_t row : rows) {
            mean += target(row) / count;
        }
        double variance = 0.0;
        for (const std::size_t row : rows) {
            variance += (target(row) - mean) * (target(row) - mean) / count;
        }
        return {mean, variance};
    }

    [[nodiscard]] Split best_split(std::span<const std::size_t> rows) {
        Split best;
        if (rows.size() < 2 * options_.min_samples_leaf) {
            return best;
        }
        const double mean = leaf(rows).mean;
        for (Index feature = 0; feature < features_.rows(); ++feature) {
            column_.clear();
            for (const std::size_t row : rows) {
                column_.emplace_back(features_(feature, static_cast<Index>(row)), target(row) - mean);
            }
            options_.thresholds == TreeOptions::Thresholds::best ? try_all(feature, best) : try_one(feature, best);
        }
        return best;
    }

    void try_all(Index feature, Split& best) {
        std::ranges::sort(column_);
        double sum = 0.0;
        for (std::size_t left = 1; left < column_.size(); ++left) {
            sum += column_[left - 1].second;
            const double below = column_[left - 1].first;
            const double above = column_[left].first;
            if (below < above) {
                // The middle of two neighbouring numbers may be the upper one, which must go right.
                const double middle = below + (above - below) / 2.0;
                consider({feature, middle < above ? middle : below, 0.0}, left, sum, best);
            }
        }
    }

    void try_one(Index feature, Split& best) {
        const auto [least, most] = std::ranges::minmax_element(column_);
        if (!(least->first < most->first)) {
            return;
        }
        const double threshold = std::min(std::lerp(least->first, most->first, random_.uniform()),
                                          std::nextafter(most->first, least->first));
        double sum = 0.0;
        std::size_t left = 0;
        for (const auto& [value, deviation] : column_) {
            if (value <= threshold) {
                sum += deviation;
                ++left;
            }
        }
        consider({feature, threshold, 0.0}, left, sum, best);
    }

    /// By how much the sum of squares falls, when the targets' deviations from their mean add up to `sum` on the left.
    void consider(Split split, std::size_t left, double sum, Split& best) const {
        const std::size_t right = column_.size() - left;
        if (left < options_.min_samples_leaf || right < options_.min_samples_leaf) {
            return;
        }
        split.gain = sum * sum * (1.0 / static_cast<double>(left) + 1.0 / static_cast<double>(right));
        if (split.gain > best.gain) {
            best = split;
        }
    }

    RegressionTree& tree_;
    const Eigen::MatrixXd& features_;
    const Eigen::VectorXd& targets_;
    const TreeOptions& options_;
    RandomStream& random_;
    Column column_;
};

RegressionTree::RegressionTree(const Eigen::MatrixXd& features, const Eigen::VectorXd& targets,
                               std::vector<std::size_t> rows, const TreeOptions& options, RandomStream& random) {
    Grower{*this, features, targets, options, random}.grow(rows, 0);
}

std::size_t RegressionTree::leaf_of(const double* features) const noexcept {
    const Node* node = nodes_.data();
    while (node->feature >= 0) {
        node = &nodes_[features[node->feature] <= node->threshold ? node->left : node->right];
    }
    return node->left;
}

}  // namespace hpogrid::optimizers
