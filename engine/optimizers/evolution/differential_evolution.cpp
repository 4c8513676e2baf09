#include "engine/optimizers/evolution/differential_evolution.hpp"

#include <algorithm>

namespace hpogrid::optimizers {

DifferentialEvolution::DifferentialEvolution(std::vector<CubeDimension> dimensions, const Options& options)
    : dimensions_{std::move(dimensions)}, options_{options}, members_(std::max<std::size_t>(options.population, 4)) {}

Candidate DifferentialEvolution::ask(std::uint32_t index, unsigned /*attempt*/, RandomStream& random) const {
    const std::size_t slot = index % members_.size();
    const Member& parent = members_[slot];
    Candidate candidate{.unit = std::vector<double>(dimensions_.size()), .latent = {}, .tag = slot, .origin = "random"};
    if (parent.unit.empty()) {
        std::ranges::generate(candidate.unit, [&] { return random.uniform(); });
        return candidate;
    }
    candidate.unit = donor(parent, random);
    candidate.origin = "de";
    cross(candidate.unit, parent.unit, random);
    return candidate;
}

std::vector<double> DifferentialEvolution::donor(const Member& parent, RandomStream& random) const {
    const std::vector<double>& x = parent.unit;
    const std::vector<double>& a = random_member(random).unit;
    const std::vector<double>& b = random_member(random).unit;
    const std::vector<double>& top = best().unit;
    std::vector<double> donor(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (dimensions_[i].kind != CubeDimension::Kind::category) {
            donor[i] = mirrored(x[i] + options_.f1 * (a[i] - b[i]) + options_.f2 * (top[i] - x[i]));
            continue;
        }
        const std::vector<double>* const sources[] = {&x, &a, &top};
        donor[i] = (*sources[random.below(3)])[i];
        if (random.below(2 * x.size()) == 0) {
            donor[i] = other_category(donor[i], dimensions_[i].categories, random);
        }
    }
    return donor;
}

void DifferentialEvolution::cross(std::vector<double>& donor, const std::vector<double>& parent,
                                  RandomStream& random) const {
    const std::size_t size = donor.size();
    if (size < 2) {
        return;
    }
    if (options_.crossover == Crossover::two_points && size >= 4) {
        const std::size_t begin = random.below(size);
        const std::size_t length = 1 + random.below(size - 1);
        for (std::size_t i = 0; i < length; ++i) {
            donor[(begin + i) % size] = parent[(begin + i) % size];
        }
        return;
    }
    const std::size_t kept = random.below(size);
    for (std::size_t i = 0; i < size; ++i) {
        if (i != kept && random.uniform() < 0.5) {
            donor[i] = parent[i];
        }
    }
}

Candidate DifferentialEvolution::adopt(std::span<const double> unit, const std::vector<bool>& /*active*/,
                                       RandomStream& /*random*/) const {
    return {.unit = {unit.begin(), unit.end()}, .latent = {}, .tag = {}, .origin = {}};
}

void DifferentialEvolution::tell(const Candidate& candidate, double score) {
    // A point from elsewhere challenges the worst, an empty place first.
    Member& parent = candidate.tag ? members_[*candidate.tag] : *std::ranges::max_element(members_, better);
    if (parent.unit.empty() || score <= parent.score) {
        parent = {candidate.unit, score};
    }
}

const DifferentialEvolution::Member& DifferentialEvolution::random_member(RandomStream& random) const {
    const auto known = std::ranges::count_if(members_, [](const Member& member) { return !member.unit.empty(); });
    auto chosen = random.below(static_cast<std::uint64_t>(known));
    const auto found =
        std::ranges::find_if(members_, [&](const Member& member) { return !member.unit.empty() && chosen-- == 0; });
    return *found;
}

const DifferentialEvolution::Member& DifferentialEvolution::best() const {
    return *std::ranges::min_element(members_, better);
}

bool DifferentialEvolution::better(const Member& one, const Member& other) {
    return one.unit.empty() != other.unit.empty() ? other.unit.empty() : one.score < other.score;
}

}  // namespace hpogrid::optimizers
