#pragma once

#include "engine/optimizers/evolution/evolution_strategy.hpp"
#include "engine/optimizers/evolution/mixed_cma.hpp"
#include "engine/optimizers/evolution/restarts.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// CMA-ES over a mixed space with independent draws before it and restarts after it has stagnated.
class CmaStrategy final : public EvolutionStrategy {
  public:
    struct Options {
        MixedCma::Options cma{};
        std::size_t startup_trials{0};  ///< independent draws until so many trials have ended
        Restarts::Strategy restarts{Restarts::Strategy::none};
        std::size_t restart_factor{2};  ///< of the population
        std::uint64_t seed{0};          ///< for where and how restarts begin
    };
    /// `start`: [dimension] the first mean.
    CmaStrategy(std::vector<CubeDimension> dimensions, std::span<const double> start, const Options& options);

    [[nodiscard]] Candidate ask(std::uint32_t index, unsigned attempt, RandomStream& random) const override;
    [[nodiscard]] Candidate adopt(std::span<const double> unit, const std::vector<bool>& active,
                                  RandomStream& random) const override;
    void tell(const Candidate& candidate, double score) override;

  private:
    void restart();

    std::vector<CubeDimension> dimensions_;
    Options options_;
    MixedCma cma_;
    Restarts restarts_;
    std::uint32_t runs_{1};
    std::size_t ended_{0};
    std::size_t ended_before_run_{0};
};

}  // namespace hpogrid::optimizers
