#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hpogrid {

/// The candidate with the smallest Damerau-Levenshtein distance to what was written, if it is near enough to be a typo
/// (distance at most a third of the length, rounded up).
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view written,
                                                      std::span<const std::string_view> candidates);

/// " (did you mean 'x'?)" or "".
[[nodiscard]] std::string did_you_mean(std::string_view written, std::span<const std::string_view> candidates);

/// "a, b, c"
[[nodiscard]] std::string join_names(std::span<const std::string_view> names);

}  // namespace hpogrid
