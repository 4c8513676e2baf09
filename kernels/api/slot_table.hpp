#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <type_traits>

#include "kernels/api/random.hpp"

namespace hpogrid::kernels {

inline constexpr int max_hidden_layers = 8;
inline constexpr int max_width = 1024;  ///< units of a layer, features, outputs

enum class Activation : std::uint32_t {
    relu,
    gelu,  ///< x·Φ(x) with the exact normal distribution function
    silu,  ///< x·σ(x), also called swish
    tanh,
    elu,  ///< α = 1
    sigmoid,
    leaky_relu,  ///< slope 0.01 below zero
};
inline constexpr int activation_count = 7;

enum class Optimizer : std::uint32_t { sgd, adam, adamw, rmsprop };
inline constexpr int optimizer_count = 4;

enum class Loss : std::uint32_t {
    binary_cross_entropy,  ///< one output, a logit; labels 0 or 1
    cross_entropy,         ///< an output a class, before the softmax; labels 0 … classes − 1
    mean_squared_error,    ///< one output; any label
};

/// How the learning rate falls after the warm-up.
enum class Schedule : std::uint32_t {
    constant,
    cosine,  ///< half a cosine down to `decay_factor` of the learning rate at step `decay_steps`, constant afterwards
    step,    ///< multiplied by `decay_factor` every `decay_steps` steps
};

/// What a trial chose: one for each slot, read by every kernel. Names and meanings are those of PyTorch's optimisers.
struct SlotSettings {
    TrialKey key{};
    /// Units of each hidden layer; after the last one, the number of outputs. At most the padded width of the bucket.
    std::array<std::int32_t, max_hidden_layers + 1> units{};
    Activation activation{Activation::relu};
    Optimizer optimizer{Optimizer::adam};
    Loss loss{Loss::binary_cross_entropy};
    Schedule schedule{Schedule::constant};
    float learning_rate{1e-3F};
    float beta1{0.9F};         ///< Adam's; momentum of SGD
    float beta2{0.999F};       ///< Adam's; smoothing constant of RMSprop
    float epsilon{1e-8F};      ///< of Adam and RMSprop
    float weight_decay{0.0F};  ///< decoupled in AdamW, added to the gradient (L2) in all others
    float dropout{0.0F};       ///< probability that a hidden unit is left out, in [0, 1)
    float decay_factor{0.0F};
    std::int32_t decay_steps{1};
    std::int32_t warmup_steps{0};  ///< the learning rate rises linearly over these
    std::int32_t batch_size{256};
    std::int32_t fold{0};
};

/// Where a trial is. Written by kernels.
struct SlotProgress {
    std::int64_t step{0};                 ///< optimiser steps done
    std::int64_t steps_left{0};           ///< steps that it may still do before it waits; 0: waits, or the slot is free
    std::int32_t epoch{0};                ///< epochs done
    std::int32_t position{0};             ///< rows of this epoch that micro-batches before this one have taken
    std::int32_t accumulated{0};          ///< rows of this batch that micro-batches before this one have taken
    std::int32_t rows{0};                 ///< rows of this micro-batch
    std::int32_t validation_position{0};  ///< rows of the validation part that have been scored
    std::int32_t validation_rows{0};      ///< rows of this micro-batch of the validation part; 0: nothing to score
    double loss_sum{0};                   ///< weighted training loss since it was last cleared
    double weight_sum{0};                 ///< weights of the rows in it
};

/// One row of the slot table. To stop a trial and start another one in its slot is to write a row, and weights.
struct SlotRow {
    SlotSettings settings;
    SlotProgress progress;
};
static_assert(std::is_trivially_copyable_v<SlotRow>);

/// The two ways through a network.
enum class Phase : std::uint32_t { training, validation };

/// Rows of the micro-batch at hand; 0: the slot does not take part.
[[nodiscard]] constexpr int rows_at_work(const SlotProgress& progress, Phase phase) {
    if (phase == Phase::validation) {
        return progress.validation_rows;
    }
    return progress.steps_left > 0 ? progress.rows : 0;
}

}  // namespace hpogrid::kernels
