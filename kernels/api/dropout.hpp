#pragma once

#include <cstdint>

#include "kernels/api/random.hpp"

namespace hpogrid::kernels {

/// Dropout of a probability, rounded to 2⁻¹⁶: a block of 128 random bits serves 8 units.
struct Dropout {
    std::uint32_t threshold;  ///< a unit is left out if its 16 random bits are below this
    float factor;             ///< of the other units: 1 / (1 − probability)

    constexpr explicit Dropout(float probability) noexcept
        : threshold{static_cast<std::uint32_t>(probability * 65536.0F + 0.5F)},
          factor{65536.0F / static_cast<float>(65536U - threshold)} {}
};

/// Where the random numbers of a row's units come from.
struct DropoutPlace {
    TrialKey key;
    std::uint32_t epoch;
    std::uint32_t row;  ///< position in the shuffled order of the epoch: the size of micro-batches does not matter
    std::uint32_t layer;
};

/// So many units share 16 blocks of Philox: unit u of them has number u / 16 of block u mod 16, so that SIMD lanes and
/// GPU threads side by side serve units side by side.
inline constexpr std::uint32_t dropout_group = 128;
inline constexpr std::uint32_t dropout_blocks = 16;

/// The 16 random bits of a unit.
[[nodiscard]] constexpr std::uint32_t dropout_bits(const DropoutPlace& place, std::uint32_t unit) {
    const std::uint32_t block = unit / dropout_group * dropout_blocks + unit % dropout_blocks;
    const std::uint32_t number = unit % dropout_group / dropout_blocks;
    const auto words = random_bits(place.key, RandomUse::dropout, place.row, place.epoch, place.layer << 16U | block);
    return number % 2 == 0 ? words[number / 2] & 0xFFFFU : words[number / 2] >> 16U;
}

}  // namespace hpogrid::kernels
