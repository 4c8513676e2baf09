#pragma once

#include "engine/space/space.hpp"
#include "engine/space/value.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace hpogrid::optimizers {

/// The crossing of categorical parameters: every combination of their values is a cell, to be visited equally often.
class GridCells {
  public:
    enum class Which {
        marked,       ///< parameters with `grid_search`, as Ray Tune's grid_search
        categorical,  ///< all categorical ones, as the original's grid generator
    };

    /// `space` outlives this. Throws InputError when there are more than a million cells.
    GridCells(const space::Space& space, Which which);

    /// Whether anything is crossed at all.
    [[nodiscard]] bool empty() const noexcept { return crossed_.empty(); }
    /// Number of cells; those that differ only in inactive parameters count once.
    [[nodiscard]] std::size_t size() const noexcept { return cells_.size(); }
    /// Whether the crossed parameters are all that can vary.
    [[nodiscard]] bool covers_space() const noexcept { return covers_space_; }
    /// How often the least visited cell was visited.
    [[nodiscard]] std::uint32_t passes() const noexcept { return pass_; }

    /// Sets the crossed parameters of `point` to the cell that is due: the first of the least visited ones. The caller
    /// applies conditions.
    void enter_next(space::Point& point) const;
    /// Counts a visit of the cell that the point lies in; nothing if it lies in none. Where a crossed parameter is
    /// inactive, the cells that differ in it are visited in turn.
    std::optional<std::size_t> visit(const space::Point& point);
    /// Takes back the visit of a cell.
    void leave(std::size_t cell);

  private:
    using Cell = std::vector<std::uint32_t>;  ///< category of each crossed parameter
    [[nodiscard]] bool matches(const Cell& cell, const space::Point& point) const;
    [[nodiscard]] std::optional<std::size_t> find_cell(const space::Point& point) const;
    void enumerate(std::size_t product);
    void advance();

    const space::Space& space_;
    std::vector<std::size_t> crossed_;
    std::vector<Cell> cells_;  ///< ascending
    std::vector<std::uint32_t> visits_;
    std::size_t next_{0};
    std::uint32_t pass_{0};
    bool covers_space_{true};
    bool unique_{true};  ///< every point of the space lies in exactly one cell
};

}  // namespace hpogrid::optimizers
