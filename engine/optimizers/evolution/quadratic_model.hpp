#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// Number of coefficients of a quadratic function of so many variables: the sample that it is fitted to.
[[nodiscard]] std::size_t quadratic_sample(std::size_t dimensions);

/// The lowest point of the quadratic function through the points, if that makes sense: its Hessian is positive
/// definite, it orders the points as their scores do, and the lowest point is no farther from their middle than the
/// worst of them from the best. `points`: [quadratic_sample][dimension], the best first; `scores` as long, ascending,
/// finite. Source: the meta-model of nevergrad's MetaModel.
[[nodiscard]] std::optional<std::vector<double>> quadratic_minimum(std::span<const std::vector<double>> points,
                                                                   std::span<const double> scores);

}  // namespace hpogrid::optimizers
