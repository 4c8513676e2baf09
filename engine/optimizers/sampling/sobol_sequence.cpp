#include "engine/optimizers/sampling/sobol_sequence.hpp"

#include "engine/core/random.hpp"
#include "engine/optimizers/sampling/sobol_directions.hpp"

#include <algorithm>
#include <bit>

namespace hpogrid::optimizers {
namespace {

std::uint32_t reverse_bits(std::uint32_t x) noexcept {
    x = (x & 0x55555555U) << 1U | (x >> 1U & 0x55555555U);
    x = (x & 0x33333333U) << 2U | (x >> 2U & 0x33333333U);
    x = (x & 0x0F0F0F0FU) << 4U | (x >> 4U & 0x0F0F0F0FU);
    x = (x & 0x00FF00FFU) << 8U | (x >> 8U & 0x00FF00FFU);
    return x << 16U | x >> 16U;
}

/// Permutes so that a bit depends on lower bits only: Owen scrambling of the reversed number.
std::uint32_t permute_upwards(std::uint32_t x, std::uint32_t key) noexcept {
    x += key;
    x ^= x * 0x6c50b47cU;
    x ^= x * 0xb82f1e52U;
    x ^= x * 0xc7afe638U;
    x ^= x * 0x8d22f6e6U;
    return x;
}

std::uint32_t scramble(std::uint32_t x, std::uint32_t key) noexcept {
    return reverse_bits(permute_upwards(reverse_bits(x), key));
}

std::array<std::uint32_t, 32> first_directions() noexcept {
    std::array<std::uint32_t, 32> directions{};
    for (unsigned bit = 0; bit < 32; ++bit) {
        directions[bit] = 0x80000000U >> bit;
    }
    return directions;
}

/// The recurrence of Joe and Kuo (2008), section 2.
std::array<std::uint32_t, 32> directions_of(std::uint16_t polynomial, std::span<const std::uint16_t> initial) noexcept {
    const auto degree = static_cast<unsigned>(initial.size());
    std::array<std::uint32_t, 32> directions{};
    for (unsigned bit = 0; bit < 32; ++bit) {
        if (bit < degree) {
            directions[bit] = std::uint32_t{initial[bit]} << (31U - bit);
            continue;
        }
        std::uint32_t next = directions[bit - degree] ^ directions[bit - degree] >> degree;
        for (unsigned k = 1; k < degree; ++k) {
            if ((polynomial >> (degree - k) & 1U) != 0) {
                next ^= directions[bit - k];
            }
        }
        directions[bit] = next;
    }
    return directions;
}

}  // namespace

SobolSequence::SobolSequence(std::size_t dimensions, std::uint64_t seed, Scrambling scrambling)
    : dimensions_{dimensions}, seed_{seed}, scrambling_{scrambling} {
    const std::size_t tabulated = std::min(dimensions, sobol_dimensions);
    std::size_t offset = 0;
    for (std::size_t dimension = 0; dimension < tabulated; ++dimension) {
        if (dimension == 0) {
            directions_.push_back(first_directions());
        } else {
            const std::uint16_t polynomial = sobol_polynomials()[dimension - 1];
            const std::size_t degree = std::bit_width(polynomial) - 1U;
            directions_.push_back(directions_of(polynomial, sobol_initial_numbers().subspan(offset, degree)));
            offset += degree;
        }
        RandomStream stream{seed, static_cast<std::uint32_t>(dimension), RandomPurpose::scrambling};
        keys_.push_back(static_cast<std::uint32_t>(stream() >> 32U));
    }
}

void SobolSequence::point(std::uint32_t index, std::span<double> unit) const {
    for (std::size_t dimension = 0; dimension < directions_.size(); ++dimension) {
        std::uint32_t x = 0;
        for (std::uint32_t rest = index; rest != 0; rest &= rest - 1) {
            x ^= directions_[dimension][static_cast<unsigned>(std::countr_zero(rest))];
        }
        x = scrambling_ == Scrambling::owen ? scramble(x, keys_[dimension]) : x;
        unit[dimension] = static_cast<double>(x) * 0x1.0p-32;
    }
    if (dimensions_ > directions_.size()) {
        RandomStream stream{seed_, index, RandomPurpose::scrambling};
        for (std::size_t dimension = directions_.size(); dimension < dimensions_; ++dimension) {
            unit[dimension] = stream.uniform();
        }
    }
}

}  // namespace hpogrid::optimizers
