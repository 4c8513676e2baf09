#pragma once

#include <CLI/App.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace hpogrid::console {

// What may follow an option of a command line. Each refuses with "'x' is not allowed, allowed: …". Numbers are digits
// as JSON writes them: CLI11 by itself takes -1 for a large number, and NaN, infinities, hexadecimal digits for
// numbers.

/// Integers from `low` to `high`.
[[nodiscard]] CLI::Validator whole_number(std::uint64_t low, std::uint64_t high);

/// Every finite number.
[[nodiscard]] CLI::Validator number();

/// Finite numbers from `low` to `high`.
[[nodiscard]] CLI::Validator number(double low, double high);

/// Finite numbers above 0, in seconds.
[[nodiscard]] CLI::Validator positive_seconds();

/// One of these words; the nearest one is named.
[[nodiscard]] CLI::Validator one_of(std::vector<std::string> words);

}  // namespace hpogrid::console
