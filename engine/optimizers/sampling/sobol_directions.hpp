#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace hpogrid::optimizers {

/// Dimensions for which there are direction numbers; the first needs none.
inline constexpr std::size_t sobol_dimensions = 256;

/// Primitive polynomial of each dimension from the second, all bits, the highest first.
[[nodiscard]] std::span<const std::uint16_t> sobol_polynomials() noexcept;
/// Initial direction numbers of all dimensions from the second, one after the other, as many as the degree each.
[[nodiscard]] std::span<const std::uint16_t> sobol_initial_numbers() noexcept;

}  // namespace hpogrid::optimizers
