#pragma once

#include "engine/optimizers/known_points.hpp"
#include "engine/optimizers/optimizer.hpp"
#include "engine/optimizers/sampling/grid_cells.hpp"
#include "engine/optimizers/sampling/unit_points.hpp"
#include "engine/space/space.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace hpogrid::optimizers {

/// An optimiser that learns nothing: points of the unit cube, decoded, with crossed parameters taken from a grid.
/// Duplicates are refused where the space has finitely many points. A withdrawn trial's point may come again.
class Sampler final : public Optimizer {
  public:
    struct Plan {
        std::string origin;
        UnitPoints points;
        GridCells::Which crossed{GridCells::Which::marked};
        /// The grid is what was asked for: one that covers the space ends when every cell was visited.
        bool ends_with_grid{false};
    };

    /// `space` outlives this.
    Sampler(const space::Space& space, Plan plan);

    std::vector<Suggestion> ask(std::size_t count) override;
    void tell(const Observation& observation) override;
    std::size_t lookahead() const noexcept override { return 4096; }
    std::optional<std::size_t> natural_size() const override;

  private:
    /// A suggested or told trial that may still be withdrawn.
    struct Open {
        space::Point point;
        std::optional<std::size_t> cell;
    };
    [[nodiscard]] std::optional<space::Point> next_point();
    [[nodiscard]] space::Point sampled_point(std::uint32_t retry) const;
    void take(std::uint32_t index, const space::Point& point);
    void give_back(std::uint32_t index);

    const space::Space& space_;
    Plan plan_;
    GridCells cells_;
    KnownPoints known_;
    std::unordered_map<std::uint32_t, Open> open_;  ///< by the index of the trial
    std::uint32_t next_index_{0};  ///< id of the next trial: everything below was suggested here or told
};

}  // namespace hpogrid::optimizers
