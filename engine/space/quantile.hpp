#pragma once

#include "engine/space/sampling_method.hpp"
#include "engine/space/value.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hpogrid::space {

// The meaning of each sampling method as a quantile function: where a uniform number of the unit interval leads.
// Quantised methods follow the seed's formula round(x / q) · q to the letter, so their first and last value may lie up
// to q/2 outside [low, high], and come up as often as the part of their interval inside says (half as often as the
// others, if low and high are multiples of q). Halves are rounded away from 0.

/// The value at `unit` in [0, 1]. Monotone in `unit`, always finite, never −0: normals, unbounded, are cut off at
/// 8.2 sigma by moving the ends of the unit interval inside by 2^-53.
[[nodiscard]] Value quantile(const SamplingMethod& method, double unit);

/// A place in [0, 1] with quantile(method, place) == value: for discrete methods the middle of the value's interval,
/// exactly so wherever that interval is wider than the 2^-53 between neighbouring places; for real methods up to
/// rounding. A number outside the method's range, which a scheduler may have been told to try, counts as the nearest
/// one inside. \pre the value is of the method's kind
[[nodiscard]] double unit_of(const SamplingMethod& method, const Value& value);

/// Whether quantile() can give this value (for quantised ones up to rounding; for real ones, anything in range).
[[nodiscard]] bool contains(const SamplingMethod& method, const Value& value);

/// The value as quantile() writes it: 0.3 becomes 3 · 0.1 where q is 0.1. \pre contains(method, value)
[[nodiscard]] Value canonical(const SamplingMethod& method, const Value& value);

/// Number of different values, or nothing if they are uncountable in practice (real, unbounded).
[[nodiscard]] std::optional<std::uint64_t> cardinality(const SamplingMethod& method);

/// Value number `index` of a method with a cardinality, counted from the lowest. \pre index < cardinality
[[nodiscard]] Value nth_value(const SamplingMethod& method, std::uint64_t index);

/// What values are allowed, for messages: "a number from 0 to 1", "one of [16,32]".
[[nodiscard]] std::string allowed_values(const SamplingMethod& method);

}  // namespace hpogrid::space
