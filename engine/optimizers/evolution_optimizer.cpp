#include "engine/optimizers/evolution_optimizer.hpp"

#include "engine/optimizers/evolution/cube_dimension.hpp"

#include <limits>
#include <string>
#include <utility>

namespace hpogrid::optimizers {
namespace {

/// Draws a proposal to find a point that is not known yet.
constexpr int draws_a_proposal = 16;
/// Draws in which a point is looked for when a study is resumed: those of a few proposals.
constexpr int draws_to_recognise = 4 * draws_a_proposal;

}  // namespace

EvolutionOptimizer::EvolutionOptimizer(const OptimizerContext& context, std::unique_ptr<EvolutionStrategy> strategy)
    : LearningOptimizer{context}, strategy_{std::move(strategy)} {}

Suggestion EvolutionOptimizer::propose(std::uint32_t index, RandomStream& random) {
    for (int draw = 1;; ++draw) {
        Candidate candidate = strategy_->ask(index, random);
        Suggestion suggestion = at(candidate.unit, std::string{candidate.origin});
        if (draw == draws_a_proposal || !history().points().contains(suggestion.point)) {
            drawn_.insert_or_assign(index, std::move(candidate));
            return suggestion;
        }
    }
}

void EvolutionOptimizer::learn(const Observation& observation) {
    const std::uint32_t index = observation.trial.value;
    switch (observation.kind) {
        case Observation::Kind::pending:
            recognise(index);
            break;
        case Observation::Kind::intermediate:
            break;
        case Observation::Kind::finished:
            strategy_->tell(take_candidate(index), observation.score);
            break;
        case Observation::Kind::failed:
            strategy_->tell(take_candidate(index), std::numeric_limits<double>::infinity());
            break;
        case Observation::Kind::withdrawn:
            drawn_.erase(index);
            break;
    }
}

void EvolutionOptimizer::recognise(std::uint32_t index) {
    RandomStream random{seed(), index, RandomPurpose::model};
    for (int draw = 0; draw < draws_to_recognise; ++draw) {
        Candidate candidate = strategy_->ask(index, random);
        if (space().decode(candidate.unit) == history().trials()[index].point) {
            drawn_.insert_or_assign(index, std::move(candidate));
            return;
        }
    }
    drawn_.erase(index);
}

Candidate EvolutionOptimizer::take_candidate(std::uint32_t index) {
    const KnownTrial& trial = history().trials()[index];
    const auto found = drawn_.find(index);
    if (found != drawn_.end()) {
        Candidate candidate = std::move(found->second);
        drawn_.erase(found);
        if (space().decode(candidate.unit) == trial.point) {
            return candidate;
        }
    }
    // Not the stream of the proposal, which has been drawn from.
    RandomStream random{seed(), index, RandomPurpose::suggestion};
    return strategy_->adopt(trial.unit, active_dimensions(space(), trial.point), random);
}

}  // namespace hpogrid::optimizers
