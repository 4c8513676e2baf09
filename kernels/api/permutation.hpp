#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "kernels/api/random.hpp"

namespace hpogrid::kernels {

/// The shuffled order of an epoch, computed row by row: no memory, no sorting, and any row of it at any time.
///
/// A Feistel network of 8 rounds permutes the smallest power of two that holds all rows (at least 256); a result
/// outside is permuted again until it falls inside ("cycle walking"; less than once on average from 128 rows on). Round
/// keys come from Philox, keyed by (seed, trial, epoch). Sources: Black, Rogaway, "Ciphers with arbitrary finite
/// domains", CT-RSA 2002, for cycle walking; Mitchell, Stokes, Frank, Holmes, "Bandwidth-optimal random shuffling for
/// GPUs", ACM TOPC 9 (2022), for shuffling by bijections. The round function is an integer hash rather than theirs.
class Permutation {
  public:
    /// \param count how many rows are permuted, 1 … 2³¹
    constexpr Permutation(TrialKey key, std::uint32_t epoch, std::uint32_t count) noexcept : count_{count} {
        const auto bits = static_cast<std::uint32_t>(std::bit_width(count - 1));
        const std::uint32_t total = bits < 8 ? 8 : bits;
        low_bits_ = total / 2;
        low_mask_ = (1U << low_bits_) - 1;
        high_mask_ = (1U << (total - low_bits_)) - 1;
        for (std::uint32_t block = 0; block < round_keys_.size() / 4; ++block) {
            const auto bits_of_block = random_bits(key, RandomUse::shuffling, block, epoch);
            for (std::uint32_t word = 0; word < 4; ++word) {
                round_keys_[block * 4 + word] = bits_of_block[word];
            }
        }
    }

    /// The row at a position. Both in {0, …, count − 1}.
    [[nodiscard]] constexpr std::uint32_t operator()(std::uint32_t position) const noexcept {
        return walk(first(position));
    }

    /// The same in two parts, the first of which is free of branches and may give a row outside: for loops over many
    /// positions. first(p) is walk(first(p)) if it is inside.
    [[nodiscard]] constexpr std::uint32_t first(std::uint32_t position) const noexcept { return encrypt(position); }
    [[nodiscard]] constexpr std::uint32_t walk(std::uint32_t row) const noexcept {
        while (row >= count_) {
            row = encrypt(row);
        }
        return row;
    }

  private:
    [[nodiscard]] constexpr std::uint32_t encrypt(std::uint32_t value) const noexcept {
        std::uint32_t low = value & low_mask_;
        std::uint32_t high = value >> low_bits_;
        for (std::uint32_t round = 0; round < round_keys_.size(); round += 2) {
            low ^= mix(high ^ round_keys_[round]) & low_mask_;
            high ^= mix(low ^ round_keys_[round + 1]) & high_mask_;
        }
        return high << low_bits_ | low;
    }

    /// Finaliser of MurmurHash3 (Appleby, public domain): each bit of the input changes each of the output half the
    /// time.
    [[nodiscard]] static constexpr std::uint32_t mix(std::uint32_t value) noexcept {
        value ^= value >> 16U;
        value *= 0x85EBCA6BU;
        value ^= value >> 13U;
        value *= 0xC2B2AE35U;
        value ^= value >> 16U;
        return value;
    }

    std::array<std::uint32_t, 8> round_keys_{};
    std::uint32_t count_;
    std::uint32_t low_bits_{0};
    std::uint32_t low_mask_{0};
    std::uint32_t high_mask_{0};
};

}  // namespace hpogrid::kernels
