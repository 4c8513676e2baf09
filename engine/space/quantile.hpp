#pragma once

#include "engine/space/sampling_method.hpp"
#include "engine/space/value.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hpogrid::space {

// The meaning of each sampling method as a quantile function: where a uniform number of the unit interval leads.
// Quantised methods follow the seed's formula round(x / q) · q to the letter, so their first and last value may lie up
// to q/2 outside [low, high], and come up half as often as the others.

/// The value at `unit` in [0, 1]; the ends are moved inside by 2^-53, so that no normal is infinite. Never −0.
[[nodiscard]] Value quantile(const SamplingMethod& method, double unit);

/// A place in [0, 1] with quantile(method, place) == value: for discrete methods the middle of the value's interval.
/// \pre the value is one that quantile() can give, or (for real methods) lies between such values
[[nodiscard]] double unit_of(const SamplingMethod& method, const Value& value);

/// Whether quantile() can give this value (for quantised ones up to rounding; for real ones, anything in range).
[[nodiscard]] bool contains(const SamplingMethod& method, const Value& value);

/// Number of different values, or nothing if they are uncountable in practice (real, unbounded).
[[nodiscard]] std::optional<std::uint64_t> cardinality(const SamplingMethod& method);

/// Value number `index` of a method with a cardinality, counted from the lowest. \pre index < cardinality
[[nodiscard]] Value nth_value(const SamplingMethod& method, std::uint64_t index);

/// What values are allowed, for messages: "a number from 0 to 1", "one of [16,32]".
[[nodiscard]] std::string allowed_values(const SamplingMethod& method);

}  // namespace hpogrid::space
