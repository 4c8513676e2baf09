#pragma once

#include "engine/optimizers/evolution/cma_strategy.hpp"
#include "engine/optimizers/evolution/evolution_strategy.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// CMA-ES with a shortcut: now and then the lowest point of a quadratic function through the best points is tried. All
/// results, also those of the shortcut, feed CMA-ES. As nevergrad's MetaModel, with its intervals. The quadratic
/// function is one of the cube's coordinates: it helps where they are real.
class MetaModel final : public EvolutionStrategy {
  public:
    /// `workers`: trials at once.
    MetaModel(std::vector<CubeDimension> dimensions, const CmaStrategy::Options& options, std::size_t workers);

    [[nodiscard]] Candidate ask(std::uint32_t index, unsigned attempt, RandomStream& random) const override;
    [[nodiscard]] Candidate adopt(std::span<const double> unit, const std::vector<bool>& active,
                                  RandomStream& random) const override;
    void tell(const Candidate& candidate, double score) override;

  private:
    CmaStrategy cma_;
    std::size_t sample_;
    std::size_t interval_;
    std::vector<std::vector<double>> best_;  ///< the `sample_` best points, the best first
    std::vector<double> scores_;
};

}  // namespace hpogrid::optimizers
