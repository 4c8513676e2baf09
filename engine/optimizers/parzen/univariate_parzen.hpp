#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/parzen/axis.hpp"
#include "engine/optimizers/parzen/normal_mixture.hpp"
#include "engine/optimizers/parzen/sorted_centres.hpp"
#include "engine/optimizers/parzen/trial_split.hpp"
#include "engine/space/value.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// hyperopt's pair of densities of one parameter: l of the good trials, g of the others.
///
/// Numeric: a normal kernel at each trial and a prior kernel of weight `prior_weight`, mean and spread of the
/// parameter's own distribution; widths by Neighbours::with_prior between narrowest_bandwidth and the prior's.
/// Categorical: weighted counts plus `prior_weight` for each category.
class UnivariateParzen {
  public:
    /// A value drawn from l.
    struct Candidate {
        space::Value value;
        double score;  ///< log l − log g, finite, up to a constant that all candidates share
    };

    /// `axis` outlives this. `prior_weight` > 0.
    UnivariateParzen(const Axis& axis, double prior_weight) : axis_{&axis}, prior_weight_{prior_weight} {}

    /// Trials join or leave g. Only numeric axes need to know.
    [[nodiscard]] SortedCentres& above() noexcept { return above_; }

    /// Builds both densities. `coordinates`, `sides`, `weights`: [trial]; those of trials without a value are not read.
    /// `below`: the good trials that have a value.
    void rebuild(std::span<const double> coordinates, std::span<const TrialSplit::Side> sides,
                 std::span<const double> weights, std::span<const std::uint32_t> below);
    /// Draws so many candidates; descending by score, each discrete value once.
    void draw(std::size_t count, RandomStream& random, std::vector<Candidate>& candidates) const;

    [[nodiscard]] const NormalMixture& good() const noexcept { return good_; }
    [[nodiscard]] const NormalMixture& bad() const noexcept { return bad_; }
    /// [category]: probabilities.
    [[nodiscard]] std::span<const double> good_categories() const noexcept { return good_categories_; }
    [[nodiscard]] std::span<const double> bad_categories() const noexcept { return bad_categories_; }

  private:
    void count_categories(std::span<const double> coordinates, std::span<const TrialSplit::Side> sides,
                          std::span<const double> weights);
    void build(NormalMixture& mixture, std::span<const SortedCentres::Entry> sorted,
               std::span<const double> weights) const;
    void build_of_many(std::span<const double> coordinates, std::span<const TrialSplit::Side> sides,
                       std::span<const double> weights);
    [[nodiscard]] std::uint32_t draw_category(RandomStream& random) const;
    [[nodiscard]] double discrete_score(const space::Value& value) const;

    const Axis* axis_;
    double prior_weight_;
    SortedCentres above_;
    std::vector<SortedCentres::Entry> below_;
    NormalMixture good_;
    NormalMixture bad_;
    std::vector<double> good_categories_;
    std::vector<double> bad_categories_;
};

}  // namespace hpogrid::optimizers
