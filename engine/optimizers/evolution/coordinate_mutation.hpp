#pragma once

#include "engine/optimizers/evolution/cube_dimension.hpp"
#include "engine/optimizers/evolution/evolution_strategy.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// (1+1) evolution for discrete and mixed spaces: the best point with some of its coordinates changed. How many is what
/// the variants differ in; each coordinate is one of them with the same probability, at least one is. A category
/// becomes another one; a number is drawn anew or moved by a step of any size, by a coin. The first point is the
/// middle. The names are nevergrad's.
class CoordinateMutation final : public EvolutionStrategy {
  public:
    enum class Amount {
        discrete,     ///< one on average: DiscreteOnePlusOne
        portfolio,    ///< uniformly 1 … d − 1: PortfolioDiscreteOnePlusOne (Dang, Lehre, arXiv:1606.05551)
        fast,         ///< k with probability ~ k^−1.5 up to d/2: FastGADiscreteOnePlusOne (Doerr et al., GECCO 2017)
        double_fast,  ///< the same up to d: DoubleFastGADiscreteOnePlusOne
        decreasing,   ///< d (1 − t/T): DiscreteBSOOnePlusOne
        lengler,      ///< 1.54468 d ln t / t: DiscreteLenglerOnePlusOne (Einarsson et al., GECCO 2018)
    };
    struct Options {
        Amount amount;
        std::size_t budget;  ///< T
    };
    CoordinateMutation(std::vector<CubeDimension> dimensions, const Options& options);

    [[nodiscard]] Candidate ask(std::uint32_t index, unsigned attempt, RandomStream& random) const override;
    [[nodiscard]] Candidate adopt(std::span<const double> unit, const std::vector<bool>& active,
                                  RandomStream& random) const override;
    void tell(const Candidate& candidate, double score) override;

    /// Coordinates to be changed on average by the trial `index`, 1 … d.
    [[nodiscard]] double amount(std::uint32_t index, RandomStream& random) const;

  private:
    std::vector<CubeDimension> dimensions_;
    Options options_;
    std::vector<double> best_;
    double best_score_{std::numeric_limits<double>::infinity()};
};

}  // namespace hpogrid::optimizers
