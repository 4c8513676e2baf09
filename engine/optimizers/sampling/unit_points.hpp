#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace hpogrid::optimizers {

/// Where points of the unit cube come from: fills `unit` for the trial of this index. `retry` counts from 0 when
/// earlier points of the same index turned out to be duplicates. Pure: the same arguments give the same point.
using UnitPoints = std::function<void(std::uint32_t index, std::uint32_t retry, std::span<double> unit)>;

/// Independent uniform numbers; each retry takes the next ones of the trial's own stream.
[[nodiscard]] UnitPoints independent_draws(std::uint64_t seed);

/// Points of a scrambled Sobol sequence; retries are independent draws.
[[nodiscard]] UnitPoints sobol_points(std::size_t dimensions, std::uint64_t seed);

}  // namespace hpogrid::optimizers
