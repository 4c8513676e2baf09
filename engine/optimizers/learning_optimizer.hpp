#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/optimizer.hpp"
#include "engine/optimizers/registry.hpp"
#include "engine/optimizers/trial_history.hpp"
#include "engine/space/space.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hpogrid::optimizers {

/// The frame of every optimiser that learns: it keeps the history, refuses duplicates, falls back to random points
/// where the algorithm insists on known ones, and ends when the space is exhausted. An algorithm adds propose().
class LearningOptimizer : public Optimizer {
  public:
    std::vector<Suggestion> ask(std::size_t count) final;
    void tell(const Observation& observation) final;

  protected:
    /// Keeps a reference to the context's space, nothing else of it.
    explicit LearningOptimizer(const OptimizerContext& context);

    /// The point of the trial `index`, with all suggestions before it pending in the history. `random` is the trial's
    /// own stream. Called again, a few times and with the stream continued, when the point is a duplicate: an
    /// algorithm that can exclude history().points() itself should.
    [[nodiscard]] virtual Suggestion propose(std::uint32_t index, RandomStream& random) = 0;

    /// The history has just taken in `observation`.
    virtual void learn(const Observation& /*observation*/) {}

    [[nodiscard]] const space::Space& space() const noexcept { return space_; }
    [[nodiscard]] const TrialHistory& history() const noexcept { return history_; }
    [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }
    /// The point at a place of the unit cube. `unit`: [dimension].
    [[nodiscard]] Suggestion at(std::span<const double> unit, std::string origin) const;
    /// A point drawn with the distribution of the search space; origin "random".
    [[nodiscard]] Suggestion draw(RandomStream& random) const;

  private:
    [[nodiscard]] std::optional<Suggestion> next();

    const space::Space& space_;
    std::uint64_t seed_;
    TrialHistory history_;
};

}  // namespace hpogrid::optimizers
