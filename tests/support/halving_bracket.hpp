#pragma once

#include "kernels/trainer/batch_trainer.hpp"

/// Successive halving of 27 trials, η = 3, in 9 slots: a trial stops after 1, 3, 9 or 27 epochs.
namespace hpogrid::kernels::bracket {

inline constexpr int slots = 9;
inline constexpr int trials = 27;
inline constexpr int last_epoch = 27;

/// How a bracket went.
struct Outcome {
    int slot_epochs{0};  ///< slots that were held, times epochs
    double best_loss{0};
};

[[nodiscard]] TrialSettings settings(std::uint32_t trial);

/// After 1, 3, 9 epochs the better third goes on; the slots of the others are refilled.
/// \param trainer with `slots` slots, all free
[[nodiscard]] Outcome with_refilled_slots(BatchTrainer& trainer);
/// The same trials, as many as there are slots at a time, each gang for as long as its best trial takes.
[[nodiscard]] Outcome with_static_gangs(BatchTrainer& trainer);

}  // namespace hpogrid::kernels::bracket
