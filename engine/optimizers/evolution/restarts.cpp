#include "engine/optimizers/evolution/restarts.hpp"

#include <algorithm>
#include <cmath>

namespace hpogrid::optimizers {

Restarts::Restarts(Strategy strategy, std::size_t population, double sigma, std::size_t factor)
    : strategy_{strategy},
      first_population_{population},
      sigma_{sigma},
      factor_{factor},
      large_population_{population} {}

Restarts::Run Restarts::next(std::size_t evaluations, RandomStream& random) {
    constexpr std::size_t most_population = 10'000;
    (last_was_small_ ? evaluations_of_small_ : evaluations_of_large_) += evaluations;
    // The first restart is always a large one: the first run counts as a large one, too.
    last_was_small_ = strategy_ == Strategy::bipop && large_population_ > first_population_ &&
                      evaluations_of_small_ < evaluations_of_large_;
    if (last_was_small_) {
        return small(random);
    }
    large_population_ = std::min(large_population_ * factor_, most_population);
    return {large_population_, sigma_};
}

Restarts::Run Restarts::small(RandomStream& random) const {
    const double u = random.uniform();
    const double ratio = 0.5 * static_cast<double>(large_population_) / static_cast<double>(first_population_);
    const double population = static_cast<double>(first_population_) * std::pow(ratio, u * u);
    return {std::max<std::size_t>(2, static_cast<std::size_t>(population)),
            sigma_ * std::pow(10, -2 * random.uniform())};
}

}  // namespace hpogrid::optimizers
