#include "engine/optimizers/sampling/grid_cells.hpp"

#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace hpogrid::optimizers {
namespace {

std::size_t categories_of(const space::Parameter& parameter) {
    return std::get<space::Categorical>(parameter.method).categories.size();
}

/// For each parameter of the space, whether the crossed ones alone decide if it is active and what its value is.
std::vector<bool> decided_by_the_grid(const space::Space& space, const std::vector<std::size_t>& crossed) {
    const auto parameters = space.parameters();
    std::vector<bool> decided;
    for (const space::Parameter& parameter : parameters) {
        decided.push_back(std::holds_alternative<space::Fixed>(parameter.method));
    }
    for (const std::size_t i : crossed) {
        decided[i] = true;
    }
    const auto parent_decided = [&](const space::Condition& condition) {
        const auto parent = std::ranges::find(parameters, condition.parameter, &space::Parameter::name);
        return static_cast<bool>(decided[static_cast<std::size_t>(parent - parameters.begin())]);
    };
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (decided[i] && !std::ranges::all_of(parameters[i].conditions, parent_decided)) {
                decided[i] = false;
                changed = true;
            }
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
    if (!crossed_.empty()) {
        enumerate(product);
    }
}

void GridCells::enumerate(std::size_t product) {
    const std::vector<bool> decided = decided_by_the_grid(space_, crossed_);
    unique_ = std::ranges::all_of(crossed_, [&](std::size_t i) { return static_cast<bool>(decided[i]); });
    for (std::size_t index = 0; index < product; ++index) {
        // The last parameter runs fastest, as in nested loops.
        Cell cell(crossed_.size());
        std::size_t rest = index;
        for (std::size_t k = crossed_.size(); k-- > 0;) {
            const std::size_t count = categories_of(space_.parameters()[crossed_[k]]);
            cell[k] = static_cast<std::uint32_t>(rest % count);
            rest /= count;
        }
        space::Point point(space_.parameters().size(), space::Category{0});
        for (std::size_t k = 0; k < crossed_.size(); ++k) {
            point[crossed_[k]] = space::Category{cell[k]};
        }
        space_.apply_conditions(point);
        // Of the cells that differ only in what is inactive, the first stands for all.
        bool first_of_its_kind = true;
        for (std::size_t k = 0; k < crossed_.size(); ++k) {
            const std::size_t i = crossed_[k];
            const bool inactive = decided[i] && std::holds_alternative<space::Inactive>(point[i]);
            first_of_its_kind = first_of_its_kind && (!inactive || cell[k] == 0);
        }
        if (first_of_its_kind) {
            cells_.push_back(std::move(cell));
        }
    }
    visits_.resize(cells_.size(), 0);
}

void GridCells::advance() {
    while (visits_[next_] > pass_) {
        if (++next_ == cells_.size()) {
            next_ = 0;
            ++pass_;
        }
    }
}

void GridCells::enter_next(space::Point& point) const {
    for (std::size_t k = 0; k < crossed_.size(); ++k) {
        point[crossed_[k]] = space::Category{cells_[next_][k]};
    }
}

bool GridCells::matches(const Cell& cell, const space::Point& point) const {
    for (std::size_t k = 0; k < crossed_.size(); ++k) {
        const auto* category = std::get_if<space::Category>(&point[crossed_[k]]);
        if (category != nullptr && category->index != cell[k]) {
            return false;
        }
    }
    return true;
}

std::optional<std::size_t> GridCells::find_cell(const space::Point& point) const {
    if (unique_) {
        Cell cell;
        for (const std::size_t i : crossed_) {
            const auto* category = std::get_if<space::Category>(&point[i]);
            cell.push_back(category != nullptr ? category->index : 0);
        }
        const auto found = std::ranges::lower_bound(cells_, cell);
        const bool exists = found != cells_.end() && *found == cell;
        return exists ? std::optional{static_cast<std::size_t>(found - cells_.begin())} : std::nullopt;
    }
    std::optional<std::size_t> least_visited;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
        if (matches(cells_[i], point) && (!least_visited || visits_[i] < visits_[*least_visited])) {
            least_visited = i;
        }
    }
    return least_visited;
}

std::optional<std::size_t> GridCells::visit(const space::Point& point) {
    const auto cell = crossed_.empty() ? std::nullopt : find_cell(point);
    if (cell) {
        ++visits_[*cell];
        advance();
    }
    return cell;
}

void GridCells::leave(std::size_t cell) {
    --visits_[cell];
    if (visits_[cell] < pass_) {
        pass_ = visits_[cell];
        next_ = cell;
    } else if (visits_[cell] == pass_) {
        next_ = std::min(next_, cell);
    }
}

}  // namespace hpogrid::optimizers
