#pragma once

#include "engine/optimizers/evolution/cube_dimension.hpp"
#include "engine/optimizers/evolution/evolution_strategy.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// (1+1)-ES over the unit cube: the best point, moved by noise whose size grows with success and shrinks without, so
/// that about one step in five succeeds (Rechenberg 1973; factors 2 and 0.84 as in nevergrad's OnePlusOne, where 2 ·
/// 0.84⁴ ≈ 1). The first point is the middle. Each categorical dimension is drawn anew with probability 1/d.
/// Asynchronous: the size follows every result, whenever its step was made, as in nevergrad.
class OnePlusOne final : public EvolutionStrategy {
  public:
    enum class Noise { gaussian, cauchy };

    explicit OnePlusOne(std::vector<CubeDimension> dimensions, Noise noise = Noise::gaussian);

    [[nodiscard]] Candidate ask(std::uint32_t index, unsigned attempt, RandomStream& random) const override;
    [[nodiscard]] Candidate adopt(std::span<const double> unit, const std::vector<bool>& active,
                                  RandomStream& random) const override;
    void tell(const Candidate& candidate, double score) override;

    /// Present size of steps, in units of the cube.
    [[nodiscard]] double step() const noexcept { return step_; }

  private:
    std::vector<CubeDimension> dimensions_;
    Noise noise_;
    std::vector<double> best_;
    double best_score_{std::numeric_limits<double>::infinity()};
    double step_{1.0 / 6.0};  ///< nevergrad's standard deviation is a sixth of a bounded range
};

}  // namespace hpogrid::optimizers
