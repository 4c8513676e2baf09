#pragma once

#include <cstddef>

namespace hpogrid::optimizers {

/// The weights of a set of observations by age: the newest `memory` weigh 1, those before them less and less, in even
/// steps from 1/count for the oldest up to 1 (a lone older one weighs 1/count).
///
/// Source: linear forgetting of hyperopt, with memory 25; the default weights of Optuna's TPESampler are the same.
class LinearForgetting {
  public:
    static constexpr std::size_t standard_memory = 25;

    explicit LinearForgetting(std::size_t count, std::size_t memory = standard_memory) noexcept;

    /// `rank`: 0 for the oldest, below `count`.
    [[nodiscard]] double weight(std::size_t rank) const noexcept {
        return rank < fading_ ? first_ + static_cast<double>(rank) * step_ : 1.0;
    }

  private:
    std::size_t fading_;
    double first_;
    double step_;
};

}  // namespace hpogrid::optimizers
