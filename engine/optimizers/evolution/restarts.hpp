#pragma once

#include "engine/core/random.hpp"

#include <cstddef>

namespace hpogrid::optimizers {

/// What the next run of CMA-ES starts with, after one that stagnated.
///
/// - `ipop`: the population grows by a factor. Auger, Hansen, "A Restart CMA Evolution Strategy With Increasing
///   Population Size", CEC 2005.
/// - `bipop`: runs with growing populations alternate with small ones of random size and step, so that both use about
///   as many evaluations. Hansen, "Benchmarking a BI-Population CMA-ES on the BBOB-2009 Function Testbed", section 2.
class Restarts {
  public:
    enum class Strategy { none, ipop, bipop };

    /// `population`: of the first run; `sigma`: its step; `factor`: at least 1.
    Restarts(Strategy strategy, std::size_t population, double sigma, std::size_t factor);

    struct Run {
        std::size_t population;
        double sigma;
    };
    /// `evaluations`: of the run that has ended.
    [[nodiscard]] Run next(std::size_t evaluations, RandomStream& random);
    [[nodiscard]] bool enabled() const noexcept { return strategy_ != Strategy::none; }

  private:
    Run small(RandomStream& random) const;

    Strategy strategy_;
    std::size_t first_population_;
    double sigma_;
    std::size_t factor_;
    std::size_t large_population_;
    bool last_was_small_{false};
    std::size_t evaluations_of_small_{0};
    std::size_t evaluations_of_large_{0};
};

}  // namespace hpogrid::optimizers
