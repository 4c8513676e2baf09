#include "engine/core/random.hpp"

#include <cmath>
#include <numbers>

namespace hpogrid {
namespace {

struct Product {
    std::uint32_t high;
    std::uint32_t low;
};

constexpr Product multiply(std::uint32_t a, std::uint32_t b) noexcept {
    const std::uint64_t product = std::uint64_t{a} * b;
    return {static_cast<std::uint32_t>(product >> 32U), static_cast<std::uint32_t>(product)};
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) noexcept {
    // Multipliers and Weyl increments: Salmon et al., table 2 and section 3.3.
    constexpr std::uint32_t multiplier0 = 0xD2511F53;
    constexpr std::uint32_t multiplier1 = 0xCD9E8D57;
    constexpr std::uint32_t weyl0 = 0x9E3779B9;
    constexpr std::uint32_t weyl1 = 0xBB67AE85;
    constexpr int rounds = 10;
    for (int round = 0; round < rounds; ++round) {
        const Product p0 = multiply(multiplier0, counter[0]);
        const Product p1 = multiply(multiplier1, counter[2]);
        counter = {p1.high ^ counter[1] ^ key[0], p1.low, p0.high ^ counter[3] ^ key[1], p0.low};
        key[0] += weyl0;
        key[1] += weyl1;
    }
    return counter;
}

RandomStream::RandomStream(std::uint64_t seed, std::uint32_t index, RandomPurpose purpose) noexcept
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)},
      counter_{0, 0, index, static_cast<std::uint32_t>(purpose)} {}

RandomStream::result_type RandomStream::operator()() noexcept {
    if (used_ == block_.size()) {
        block_ = philox4x32(counter_, key_);
        if (++counter_[0] == 0) {
            ++counter_[1];
        }
        used_ = 0;
    }
    const std::uint64_t low = block_[used_];
    const std::uint64_t high = block_[used_ + 1];
    used_ += 2;
    return high << 32U | low;
}

double RandomStream::uniform() noexcept {
    // 52 bits and half a step: neither end of the interval is ever reached.
    return (static_cast<double>((*this)() >> 12U) + 0.5) * 0x1.0p-52;
}

double RandomStream::normal() noexcept {
    const double radius = std::sqrt(-2.0 * std::log(uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::uint64_t RandomStream::below(std::uint64_t count) noexcept {
    const std::uint64_t remainder = (max() % count + 1) % count;
    std::uint64_t bits = (*this)();
    while (bits > max() - remainder) {
        bits = (*this)();
    }
    return bits % count;
}

}  // namespace hpogrid
