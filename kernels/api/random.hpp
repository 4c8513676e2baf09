#pragma once

#include <cstdint>

#include "kernels/api/philox.hpp"

namespace hpogrid::kernels {

/// Whose random numbers: a trial draws the same ones in whatever slot, on whatever device, beside whomever it trains.
struct TrialKey {
    std::uint64_t seed{0};   ///< of the study
    std::uint32_t trial{0};  ///< which trial of the study

    friend constexpr bool operator==(const TrialKey&, const TrialKey&) = default;
};

/// What a random number is for. Part of reproducibility: append, never renumber.
enum class RandomUse : std::uint32_t {
    initial_weights = 0,  ///< place: number / 4 within the layer; time: layer
    shuffling = 1,        ///< place: round / 4; time: epoch
    dropout = 2,          ///< place: row within the epoch; time: epoch; detail: layer and block of units
    trees = 3,            ///< a seed for another library
};

/// 128 bits at a place and a time of a trial. \param detail below 2²⁴
[[nodiscard]] constexpr std::array<std::uint32_t, 4> random_bits(TrialKey key, RandomUse use, std::uint32_t place,
                                                                 std::uint32_t time,
                                                                 std::uint32_t detail = 0) noexcept {
    return philox4x32({place, time, key.trial, static_cast<std::uint32_t>(use) << 24U | detail},
                      {static_cast<std::uint32_t>(key.seed), static_cast<std::uint32_t>(key.seed >> 32U)});
}

}  // namespace hpogrid::kernels
