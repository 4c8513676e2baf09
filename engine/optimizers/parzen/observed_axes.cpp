#include "engine/optimizers/parzen/observed_axes.hpp"

#include <algorithm>

namespace hpogrid::optimizers {

ObservedAxes::ObservedAxes(const space::Space& space, Axis::EndCells end_cells) : space_{space} {
    for (std::size_t i = 0; i < space.parameters().size(); ++i) {
        const space::SamplingMethod& method = space.parameters()[i].method;
        if (!std::holds_alternative<space::Fixed>(method)) {
            parameters_.push_back(i);
            axes_.emplace_back(method, end_cells);
        }
    }
    columns_.resize(axes_.size());
}

bool ObservedAxes::unconditional(std::size_t i) const noexcept {
    return space_.parameters()[parameters_[i]].conditions.empty();
}

void ObservedAxes::set(std::uint32_t trial, const space::Point& point) {
    for (std::size_t i = 0; i < axes_.size(); ++i) {
        std::vector<double>& column = columns_[i];
        column.resize(std::max<std::size_t>(column.size(), trial + std::size_t{1}), inactive);
        const space::Value& value = point[parameters_[i]];
        column[trial] = std::holds_alternative<space::Inactive>(value) ? inactive : axes_[i].coordinate(value);
    }
}

space::Point ObservedAxes::point(std::span<const space::Value> values) const {
    space::Point point(space_.parameters().size(), space::Category{0});
    for (std::size_t i = 0; i < axes_.size(); ++i) {
        point[parameters_[i]] = values[i];
    }
    space_.apply_conditions(point);
    return point;
}

}  // namespace hpogrid::optimizers
