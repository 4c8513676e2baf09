#pragma once

#include "engine/optimizers/evolution/evolution_strategy.hpp"
#include "engine/optimizers/learning_optimizer.hpp"

#include <cstdint>
#include <memory>
#include <unordered_map>

namespace hpogrid::optimizers {

/// Makes an optimiser of an evolutionary strategy: remembers which candidate became which trial, finds it again when a
/// study is resumed, and hands over points that were replaced or came from elsewhere as what they were.
class EvolutionOptimizer final : public LearningOptimizer {
  public:
    EvolutionOptimizer(const OptimizerContext& context, std::unique_ptr<EvolutionStrategy> strategy);

  private:
    Suggestion propose(std::uint32_t index, RandomStream& random) override;
    void learn(const Observation& observation) override;
    void recognise(std::uint32_t index);
    [[nodiscard]] Candidate take_candidate(std::uint32_t index);

    std::unique_ptr<EvolutionStrategy> strategy_;
    std::unordered_map<std::uint32_t, Candidate> drawn_;  ///< by the index of the trial
};

}  // namespace hpogrid::optimizers
