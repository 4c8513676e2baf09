#pragma once

#include "engine/optimizers/parzen/axis.hpp"
#include "engine/space/space.hpp"
#include "engine/space/value.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// The parameters of a space as axes, and where each trial lies on them: one column of numbers an axis, so that going
/// through all trials is going through memory in order. Fixed parameters have no axis.
class ObservedAxes {
  public:
    /// Stands in a column where a trial has no value.
    static constexpr double inactive = std::numeric_limits<double>::quiet_NaN();

    /// `space` outlives this.
    ObservedAxes(const space::Space& space, Axis::EndCells end_cells);

    [[nodiscard]] std::size_t size() const noexcept { return axes_.size(); }
    [[nodiscard]] const Axis& axis(std::size_t i) const noexcept { return axes_[i]; }
    /// Whether the axis's parameter has no condition: all trials have a value.
    [[nodiscard]] bool unconditional(std::size_t i) const noexcept;

    /// Writes the coordinates of a trial.
    void set(std::uint32_t trial, const space::Point& point);
    /// [trial]: coordinates, `inactive` where there is none.
    [[nodiscard]] std::span<const double> column(std::size_t i) const noexcept { return columns_[i]; }
    [[nodiscard]] bool active(std::size_t i, std::uint32_t trial) const noexcept {
        return !std::isnan(columns_[i][trial]);
    }

    /// The point with these values. `values`: [axis].
    [[nodiscard]] space::Point point(std::span<const space::Value> values) const;

  private:
    const space::Space& space_;
    std::vector<std::size_t> parameters_;  ///< of each axis
    std::vector<Axis> axes_;
    std::vector<std::vector<double>> columns_;  ///< [axis][trial]
};

}  // namespace hpogrid::optimizers
