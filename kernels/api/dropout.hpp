#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/api/random.hpp"

namespace hpogrid::kernels {

/// Dropout of a probability, rounded to 2⁻¹⁶: a block of 128 random bits serves 8 units.
struct Dropout {
    std::uint32_t threshold;  ///< a unit is left out if its 16 random bits are below this
    float factor;             ///< of the other units: 1 / (1 − probability)

    explicit Dropout(float probability) noexcept
        : threshold{static_cast<std::uint32_t>(std::lround(probability * 65536.0F))},
          factor{65536.0F / static_cast<float>(65536U - threshold)} {}
};

/// Where the random numbers of a row's units come from.
struct DropoutPlace {
    TrialKey key;
    std::uint32_t epoch;
    std::uint32_t row;  ///< position in the shuffled order of the epoch: the size of micro-batches does not matter
    std::uint32_t layer;
};

inline constexpr int units_per_dropout_block = 8;

/// The random bits of units 8·block … 8·block + 7, two a word, the lower half first.
[[nodiscard]] constexpr std::array<std::uint32_t, 4> dropout_bits(const DropoutPlace& place, std::uint32_t block) {
    return random_bits(place.key, RandomUse::dropout, place.row, place.epoch, place.layer << 16U | block);
}

}  // namespace hpogrid::kernels
