#pragma once

#include "engine/core/random.hpp"
#include "engine/space/sampling_method.hpp"
#include "engine/space/space.hpp"

#include <cstddef>
#include <vector>

namespace hpogrid::optimizers {

/// The part of a dimension of the unit cube that is one value. 0 ≤ low ≤ high ≤ 1.
struct Cell {
    double low;
    double high;
};

/// What an evolutionary algorithm has to know about one dimension of the unit cube.
struct CubeDimension {
    enum class Kind {
        real,      ///< every place is another value
        ordered,   ///< integers and steps: cells that follow each other
        category,  ///< cells of equal width in an order that says nothing
    };
    Kind kind;
    std::size_t categories{0};            ///< their number where the kind is `category`
    const space::SamplingMethod* method;  ///< of the parameter; outlives this

    /// The cell around a place. \pre the kind is not `real`; `unit` in [0, 1]
    [[nodiscard]] Cell cell(double unit) const;
};

/// All dimensions of the cube of `space`, which outlives them.
[[nodiscard]] std::vector<CubeDimension> cube_dimensions(const space::Space& space);
/// Which of them are active in a point: [dimension].
[[nodiscard]] std::vector<bool> active_dimensions(const space::Space& space, const space::Point& point);

/// The middle of a category's cell.
[[nodiscard]] double unit_of_category(std::size_t category, std::size_t categories);
[[nodiscard]] std::size_t category_at(double unit, std::size_t categories);

/// A place that has left [0, 1], mirrored at its ends until it is inside.
[[nodiscard]] double mirrored(double unit);
/// A place of another category than `unit`, each equally likely. \pre at least one category
[[nodiscard]] double other_category(double unit, std::size_t categories, RandomStream& random);

}  // namespace hpogrid::optimizers
