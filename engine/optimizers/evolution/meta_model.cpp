#include "engine/optimizers/evolution/meta_model.hpp"

#include "engine/optimizers/evolution/quadratic_model.hpp"

#include <algorithm>
#include <cmath>

namespace hpogrid::optimizers {

MetaModel::MetaModel(std::vector<CubeDimension> dimensions, const CmaStrategy::Options& options, std::size_t workers)
    : cma_{dimensions, std::vector<double>(dimensions.size(), 0.5), options},
      sample_{quadratic_sample(dimensions.size())},
      interval_{std::max({std::size_t{13}, workers, dimensions.size(),
                          static_cast<std::size_t>(0.9 * static_cast<double>(sample_))})} {}

Candidate MetaModel::ask(std::uint32_t index, unsigned attempt, RandomStream& random) const {
    if (attempt == 0 && index % interval_ == 0 && best_.size() == sample_) {
        if (const auto lowest = quadratic_minimum(best_, scores_)) {
            std::vector<double> unit = *lowest;
            std::ranges::for_each(unit, [](double& u) { u = std::clamp(u, 0.0, 1.0); });
            Candidate candidate = cma_.adopt(unit, std::vector<bool>(unit.size(), true), random);
            candidate.origin = "model";
            return candidate;
        }
    }
    return cma_.ask(index, attempt, random);
}

Candidate MetaModel::adopt(std::span<const double> unit, const std::vector<bool>& active, RandomStream& random) const {
    return cma_.adopt(unit, active, random);
}

void MetaModel::tell(const Candidate& candidate, double score) {
    cma_.tell(candidate, score);
    if (!std::isfinite(score)) {
        return;
    }
    const auto place = std::ranges::upper_bound(scores_, score);
    best_.insert(best_.begin() + (place - scores_.begin()), candidate.unit);
    scores_.insert(place, score);
    if (best_.size() > sample_) {
        best_.pop_back();
        scores_.pop_back();
    }
}

}  // namespace hpogrid::optimizers
