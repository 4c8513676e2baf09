#include "engine/core/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace hpogrid {
namespace {

/// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost 1 each.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    const std::size_t width = b.size() + 1;
    std::vector<std::size_t> table((a.size() + 1) * width);
    const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return table[i * width + j]; };
    for (std::size_t i = 0; i <= a.size(); ++i) {
        at(i, 0) = i;
    }
    for (std::size_t j = 0; j <= b.size(); ++j) {
        at(0, j) = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substitution = at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
            at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, substitution});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
            }
        }
    }
    return at(a.size(), b.size());
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view written, std::span<const std::string_view> candidates) {
    // Longer words are no typo of anything here, and the table is quadratic.
    constexpr std::size_t longest = 64;
    if (written.size() > longest) {
        return std::nullopt;
    }
    std::optional<std::string_view> best;
    std::size_t best_distance = (written.size() + 2) / 3 + 1;
    for (const std::string_view candidate : candidates) {
        const std::size_t distance = edit_distance(written, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view written, std::span<const std::string_view> candidates) {
    const auto match = nearest(written, candidates);
    return match ? " (did you mean '" + std::string{*match} + "'?)" : std::string{};
}

std::string join_names(std::span<const std::string_view> names) {
    std::string joined;
    for (const std::string_view name : names) {
        joined += (joined.empty() ? "" : ", ") + std::string{name};
    }
    return joined;
}

}  // namespace hpogrid
