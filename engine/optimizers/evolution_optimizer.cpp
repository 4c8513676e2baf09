#include "engine/optimizers/evolution_optimizer.hpp"

#include "engine/optimizers/evolution/cube_dimension.hpp"

#include <limits>
#include <string>
#include <utility>

namespace hpogrid::optimizers {
namespace {

/// Attempts of a proposal to find a point that is not known yet.
constexpr unsigned most_attempts = 16;
/// Proposals among which a point is looked for when a study is resumed: those that the frame asks for at most.
constexpr unsigned most_proposals = 4;

}  // namespace

EvolutionOptimizer::EvolutionOptimizer(const OptimizerContext& context, std::unique_ptr<EvolutionStrategy> strategy)
    : LearningOptimizer{context}, strategy_{std::move(strategy)} {}

Suggestion EvolutionOptimizer::propose(std::uint32_t index, RandomStream& random) {
    for (unsigned attempt = 0;; ++attempt) {
        Candidate candidate = strategy_->ask(index, attempt, random);
        Suggestion suggestion = at(candidate.unit, std::string{candidate.origin});
        if (attempt + 1 == most_attempts || !history().points().contains(suggestion.point)) {
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
    for (unsigned draw = 0; draw < most_proposals * most_attempts; ++draw) {
        Candidate candidate = strategy_->ask(index, draw % most_attempts, random);
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
