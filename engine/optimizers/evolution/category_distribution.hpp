#pragma once

#include "engine/core/random.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// Independent distributions over the categories of some parameters, moved to where scores are low along the natural
/// gradient, at a rate that adapts to how well the gradient's direction is known; every category keeps some
/// probability. Source: Hamano, Saito, Nomura, Uchida, Shirakawa, "CatCMA: Stochastic Optimization for Mixed-Category
/// Problems", GECCO 2024 (arXiv:2405.09962), the update of q with ASNG (section 3.2) and the margin (section 4.2).
class CategoryDistribution {
  public:
    /// The category of each parameter, nothing where the parameter was inactive.
    using Choice = std::vector<std::optional<std::size_t>>;

    /// `sizes`: number of categories of each parameter, at least one each.
    explicit CategoryDistribution(std::vector<std::size_t> sizes);

    [[nodiscard]] std::size_t parameters() const noexcept { return sizes_.size(); }
    [[nodiscard]] double probability(std::size_t parameter, std::size_t category) const;
    /// The least probability that a category of this parameter can have.
    [[nodiscard]] double margin(std::size_t parameter) const;

    [[nodiscard]] std::size_t sample(std::size_t parameter, RandomStream& random) const;
    /// One generation. `weights`: [rank], the best first, not negative; `ranked` as long.
    void update(std::span<const double> weights, std::span<const Choice> ranked);

  private:
    [[nodiscard]] std::vector<double> natural_gradient(std::span<const double> weights,
                                                       std::span<const Choice> ranked) const;
    /// The gradient by the square root of the Fisher matrix, which makes its length comparable.
    [[nodiscard]] std::vector<double> normalised(const std::vector<double>& gradient) const;
    void keep_margin();

    std::vector<std::size_t> sizes_;
    std::vector<std::size_t> offsets_;
    std::vector<double> probabilities_;  ///< of all parameters, one after the other
    std::vector<double> path_;           ///< of the normalised gradient
    double path_weight_{0.0};            ///< γ
    double trust_{1.0};                  ///< Δ: the rate of change is 1/Δ
};

}  // namespace hpogrid::optimizers
