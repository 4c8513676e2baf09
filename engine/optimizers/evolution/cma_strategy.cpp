#include "engine/optimizers/evolution/cma_strategy.hpp"

#include <algorithm>

namespace hpogrid::optimizers {

CmaStrategy::CmaStrategy(std::vector<CubeDimension> dimensions, std::span<const double> start, const Options& options)
    : dimensions_{std::move(dimensions)},
      options_{options},
      cma_{dimensions_, start, options.cma},
      restarts_{options.restarts, cma_.population(), options.cma.sigma, options.restart_factor} {}

Candidate CmaStrategy::ask(std::uint32_t /*index*/, unsigned /*attempt*/, RandomStream& random) const {
    if (ended_ >= options_.startup_trials) {
        return cma_.sample(random);
    }
    std::vector<double> unit(dimensions_.size());
    std::ranges::generate(unit, [&] { return random.uniform(); });
    Candidate drawn = cma_.adopt(unit, std::vector<bool>(unit.size(), true), random);
    drawn.origin = "random";
    return drawn;
}

Candidate CmaStrategy::adopt(std::span<const double> unit, const std::vector<bool>& active,
                             RandomStream& random) const {
    return cma_.adopt(unit, active, random);
}

void CmaStrategy::tell(const Candidate& candidate, double score) {
    ++ended_;
    cma_.tell(candidate, score);
    if (restarts_.enabled() && cma_.stagnated()) {
        restart();
    }
}

void CmaStrategy::restart() {
    RandomStream random{options_.seed, runs_++, RandomPurpose::restart};
    const Restarts::Run run = restarts_.next(ended_ - ended_before_run_, random);
    ended_before_run_ = ended_;
    std::vector<double> start(dimensions_.size());
    std::ranges::generate(start, [&] { return random.uniform(); });
    MixedCma::Options options = options_.cma;
    options.population = run.population;
    options.sigma = run.sigma;
    options.first_generation = cma_.generation();
    cma_ = MixedCma{dimensions_, start, options};
}

}  // namespace hpogrid::optimizers
