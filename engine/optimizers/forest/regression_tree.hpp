#pragma once

#include "engine/core/random.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

struct TreeOptions {
    enum class Thresholds : std::uint8_t {
        best,    ///< every place between two values is tried
        random,  ///< one place a feature, uniform between its smallest and largest value
    };
    Thresholds thresholds{Thresholds::best};
    std::size_t min_samples_leaf{3};
    std::size_t max_depth{std::numeric_limits<std::size_t>::max()};
};

/// A regression tree that splits where the squared error falls most, all features considered at every node.
/// Sources: Breiman, Friedman, Olshen, Stone, "Classification and Regression Trees" (1984); random thresholds: Geurts,
/// Ernst, Wehenkel, "Extremely randomized trees", Machine Learning 63 (2006).
class RegressionTree {
  public:
    struct Leaf {
        double mean;
        double variance;  ///< of the targets in it, divided by their number
    };

    /// `features` [feature][row], `targets` [row], `rows`: those to learn from, repeated ones count as often.
    /// \pre rows is not empty
    RegressionTree(const Eigen::MatrixXd& features, const Eigen::VectorXd& targets, std::vector<std::size_t> rows,
                   const TreeOptions& options, RandomStream& random);

    [[nodiscard]] std::span<const Leaf> leaves() const noexcept { return leaves_; }
    /// Index of the leaf of a point. `features`: [feature].
    [[nodiscard]] std::size_t leaf_of(const double* features) const noexcept;

  private:
    struct Node {
        Eigen::Index feature;  ///< −1: a leaf
        double threshold;      ///< up to it goes left
        std::size_t left;      ///< index of a node, or of the leaf
        std::size_t right;
    };
    class Grower;

    std::vector<Node> nodes_;
    std::vector<Leaf> leaves_;
};

}  // namespace hpogrid::optimizers
