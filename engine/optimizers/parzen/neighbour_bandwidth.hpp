#pragma once

#include "engine/optimizers/parzen/axis.hpp"
#include "engine/optimizers/parzen/sorted_centres.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace hpogrid::optimizers {

/// The width of the kernel that stands for the parameter's own distribution, and the largest of all: on an Axis, its
/// spread.
inline constexpr double prior_bandwidth = 1.0;

/// The narrowest kernel beside the prior and so many others, 1 / min(100, 2 + observations): hyperopt's rule, which
/// Optuna calls magic clip.
[[nodiscard]] inline double narrowest_bandwidth(std::size_t observations) noexcept {
    return prior_bandwidth / std::min(100.0, 2.0 + static_cast<double>(observations));
}

/// Who the neighbours of a centre are.
enum class Neighbours : std::uint8_t {
    with_prior,  ///< hyperopt: the middle of the axis is a centre, too; the outermost look to one side
    centres,     ///< Optuna: the outermost look to one side; a lone one to the farther end of the axis
    with_ends,   ///< Optuna's consider_endpoints: the ends of the axis are neighbours, too
};

/// The width of kernel `i` before limits: the larger gap to its neighbours. Infinite where the axis has no end to look
/// to, and 0 among equal centres; hyperopt gives a lone centre half the prior's width.
[[nodiscard]] double neighbour_gap(std::span<const SortedCentres::Entry> sorted, std::size_t i, Neighbours neighbours,
                                   const Axis& axis) noexcept;

}  // namespace hpogrid::optimizers
