#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/evolution/cma_constants.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// A member of a population, as CmaEs learns from it.
struct CmaMember {
    std::vector<double> x;  ///< [dimension]
    /// Not drawn from the present distribution. Its distance from the mean is cut to the length that draws have, so
    /// that it cannot blow the distribution up: Hansen, "Injecting external solutions into CMA-ES", arXiv:1110.4181,
    /// section 3.
    bool foreign{false};
};

/// CMA-ES over unbounded real vectors: a normal distribution N(m, σ²C) that moves to where scores are low. It sees
/// ranks only, so that scores of any size do no harm.
/// Source: Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772, algorithm of figure 6, with its active
/// (negative) weights and its lazy eigendecomposition.
class CmaEs {
  public:
    struct Options {
        double sigma;            ///< first standard deviation, positive
        std::size_t population;  ///< λ, at least 1
        Covariance covariance{Covariance::full};
    };
    /// `mean`: [dimension], at least one.
    CmaEs(std::span<const double> mean, const Options& options);

    [[nodiscard]] std::vector<double> sample(RandomStream& random) const;
    /// One generation. `ranked`: [population], the best first, all of size 1e100 or less.
    void update(std::span<const CmaMember> ranked);

    [[nodiscard]] std::size_t dimensions() const noexcept { return static_cast<std::size_t>(mean_.size()); }
    [[nodiscard]] const CmaConstants& constants() const noexcept { return constants_; }
    [[nodiscard]] double mean(std::size_t dimension) const { return mean_[index(dimension)]; }
    /// For corrections of the distribution from outside, such as a margin.
    void set_mean(std::size_t dimension, double value) { mean_[index(dimension)] = value; }
    [[nodiscard]] double sigma() const noexcept { return sigma_; }
    /// Standard deviation of one coordinate, σ √C_ii.
    [[nodiscard]] double deviation(std::size_t dimension) const;
    [[nodiscard]] const Eigen::MatrixXd& covariance() const noexcept { return covariance_; }
    /// Whether further generations are pointless by the state of the distribution: TolX, TolXUp, NoEffectCoord,
    /// NoEffectAxis and ConditionCov of the tutorial's appendix B.3.
    [[nodiscard]] bool converged() const;

  private:
    [[nodiscard]] static Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }
    [[nodiscard]] Eigen::MatrixXd steps_to(std::span<const CmaMember> ranked) const;
    [[nodiscard]] Eigen::VectorXd whitened(const Eigen::VectorXd& step) const;
    void adapt_covariance(const Eigen::MatrixXd& steps, bool stalled);
    void decompose();

    CmaConstants constants_;
    Covariance shape_;
    Eigen::VectorXd mean_;
    double sigma_;
    double first_sigma_;
    Eigen::MatrixXd covariance_;
    Eigen::MatrixXd axes_;     ///< eigenvectors of C
    Eigen::VectorXd lengths_;  ///< square roots of its eigenvalues
    Eigen::VectorXd path_sigma_;
    Eigen::VectorXd path_c_;
    std::size_t generation_{0};
    std::size_t decomposed_{0};  ///< the generation of axes_ and lengths_
};

}  // namespace hpogrid::optimizers
