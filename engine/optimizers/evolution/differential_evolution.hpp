#pragma once

#include "engine/optimizers/evolution/cube_dimension.hpp"
#include "engine/optimizers/evolution/evolution_strategy.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// Differential evolution, current-to-best: x + F (a − b) + F (best − x), crossed with x, replaces x if not worse.
/// Source: Storn, Price, "Differential Evolution", J. Global Optimization 11 (1997), in the variant and with the
/// constants of nevergrad's DE. A category of the donor is that of x, a or best, each equally likely, and another one
/// with probability 1/(2 d), since differences of categories mean nothing.
///
/// Asynchronous: the trial `index` challenges member index mod λ, whatever else is running.
class DifferentialEvolution final : public EvolutionStrategy {
  public:
    enum class Crossover {
        coordinates,  ///< each from the donor with probability 1/2, at least one
        two_points,   ///< one stretch between two cuts; as `coordinates` below 4 dimensions
    };
    struct Options {
        std::size_t population{30};
        Crossover crossover{Crossover::coordinates};
        double f1{0.8};  ///< of the difference of two members
        double f2{0.8};  ///< of the difference to the best
    };
    DifferentialEvolution(std::vector<CubeDimension> dimensions, const Options& options);

    [[nodiscard]] Candidate ask(std::uint32_t index, unsigned attempt, RandomStream& random) const override;
    [[nodiscard]] Candidate adopt(std::span<const double> unit, const std::vector<bool>& active,
                                  RandomStream& random) const override;
    void tell(const Candidate& candidate, double score) override;

  private:
    struct Member {
        std::vector<double> unit;  ///< empty until the first result
        double score{std::numeric_limits<double>::infinity()};
    };
    [[nodiscard]] static bool better(const Member& one, const Member& other);
    [[nodiscard]] const Member& random_member(RandomStream& random) const;
    [[nodiscard]] const Member& best() const;
    [[nodiscard]] std::vector<double> donor(const Member& parent, RandomStream& random) const;
    void cross(std::vector<double>& donor, const std::vector<double>& parent, RandomStream& random) const;

    std::vector<CubeDimension> dimensions_;
    Options options_;
    std::vector<Member> members_;
};

}  // namespace hpogrid::optimizers
