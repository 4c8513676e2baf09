#include "engine/optimizers/grid_cells.hpp"

#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace hpogrid::optimizers {
namespace {

std::size_t categories_of(const space::Parameter& parameter) {
    return std::get<space::Categorical>(parameter.method).categories.size();
}

/// For each crossed parameter, whether the crossed ones alone decide if it is active.
std::vector<bool> decided_by_the_grid(const space::Space& space, const std::vector<std::size_t>& crossed) {
    const auto parameters = space.parameters();
    std::vector<bool> decided(crossed.size(), true);
    const auto parent_decided = [&](const space::Condition& condition) {
        for (std::size_t k = 0; k < crossed.size(); ++k) {
            if (parameters[crossed[k]].name == condition.parameter) {
                return static_cast<bool>(decided[k]);
            }
        }
        return false;
    };
    // As many rounds as a chain of conditions can be long.
    for (std::size_t round = 0; round < crossed.size(); ++round) {
        for (std::size_t k = 0; k < crossed.size(); ++k) {
            decided[k] = std::ranges::all_of(parameters[crossed[k]].conditions, parent_decided);
        }
    }
    return decided;
}

}  // namespace

GridCells::GridCells(const space::Space& space, Which which) : space_{space} {
    constexpr std::size_t most_cells = 1'000'000;
    std::size_t product = 1;
    for (std::size_t i = 0; i < space.parameters().size(); ++i) {
        const auto& method = space.parameters()[i].method;
        const auto* categorical = std::get_if<space::Categorical>(&method);
        if (categorical != nullptr && (which == Which::categorical || categorical->grid_search)) {
            crossed_.push_back(i);
            product *= categorical->categories.size();
            if (product > most_cells) {
                throw InputError{
                    fmt::format("the grid has more than {} cells, allowed: fewer or shorter categories", most_cells)};
            }
        } else if (!std::holds_alternative<space::Fixed>(method)) {
            covers_space_ = false;
        }
    }
    const std::vector<bool> decided = decided_by_the_grid(space, crossed_);
    for (std::size_t index = 0; !crossed_.empty() && index < product; ++index) {
        // The last parameter runs fastest, as in nested loops.
        Cell cell(crossed_.size());
        std::size_t rest = index;
        for (std::size_t k = crossed_.size(); k-- > 0;) {
            const std::size_t count = categories_of(space.parameters()[crossed_[k]]);
            cell[k] = static_cast<std::uint32_t>(rest % count);
            rest /= count;
        }
        space::Point point(space.parameters().size(), space::Category{0});
        for (std::size_t k = 0; k < crossed_.size(); ++k) {
            point[crossed_[k]] = space::Category{cell[k]};
        }
        space.apply_conditions(point);
        const Cell reduced = cell_of(point);
        bool first_of_its_kind = true;
        for (std::size_t k = 0; k < crossed_.size(); ++k) {
            first_of_its_kind = first_of_its_kind && (!decided[k] || reduced[k] == cell[k]);
        }
        if (first_of_its_kind) {
            cells_.push_back(std::move(cell));
        }
    }
    visits_.resize(cells_.size(), 0);
}

GridCells::Cell GridCells::cell_of(const space::Point& point) const {
    Cell cell;
    for (const std::size_t i : crossed_) {
        const auto* category = std::get_if<space::Category>(&point[i]);
        cell.push_back(category != nullptr ? category->index : 0);
    }
    return cell;
}

void GridCells::advance() {
    while (visits_[next_] > pass_) {
        if (++next_ == cells_.size()) {
            next_ = 0;
            ++pass_;
        }
    }
}

void GridCells::visit_next(space::Point& point) {
    for (std::size_t k = 0; k < crossed_.size(); ++k) {
        point[crossed_[k]] = space::Category{cells_[next_][k]};
    }
    ++visits_[next_];
    advance();
}

void GridCells::count(const space::Point& point) {
    const Cell cell = cell_of(point);
    const auto found = std::ranges::lower_bound(cells_, cell);
    if (found != cells_.end() && *found == cell) {
        ++visits_[static_cast<std::size_t>(found - cells_.begin())];
        advance();
    }
}

}  // namespace hpogrid::optimizers
