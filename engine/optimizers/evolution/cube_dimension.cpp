#include "engine/optimizers/evolution/cube_dimension.hpp"

#include "engine/core/overloaded.hpp"
#include "engine/space/quantile.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <variant>

namespace hpogrid::optimizers {
namespace {

using Kind = CubeDimension::Kind;

CubeDimension dimension_of(const space::SamplingMethod& method) {
    return std::visit(Overloaded{
                          [&](const space::Categorical& categorical) {
                              return CubeDimension{Kind::category, categorical.categories.size(), &method};
                          },
                          [&](const space::Uniform&) {
                              return CubeDimension{Kind::real, 0, &method};
                          },
                          [&](const space::LogUniform&) {
                              return CubeDimension{Kind::real, 0, &method};
                          },
                          [&](const space::Normal&) {
                              return CubeDimension{Kind::real, 0, &method};
                          },
                          [&](const space::LogNormal&) {
                              return CubeDimension{Kind::real, 0, &method};
                          },
                          [&](const auto&) {
                              return CubeDimension{Kind::ordered, 0, &method};
                          },
                      },
                      method);
}

bool is_fixed(const space::Parameter& parameter) {
    return std::holds_alternative<space::Fixed>(parameter.method);
}

/// The place nearest to `outside` that still has the value of `inside`.
double last_place(const space::SamplingMethod& method, double inside, double outside) {
    const space::Value value = space::quantile(method, inside);
    if (space::quantile(method, outside) == value) {
        return outside;
    }
    for (;;) {
        const double middle = std::midpoint(inside, outside);
        if (middle == inside || middle == outside) {
            return inside;
        }
        (space::quantile(method, middle) == value ? inside : outside) = middle;
    }
}

}  // namespace

Cell CubeDimension::cell(double unit) const {
    if (kind == Kind::category) {
        const auto index = static_cast<double>(category_at(unit, categories));
        const auto count = static_cast<double>(categories);
        return {index / count, (index + 1) / count};
    }
    return {last_place(*method, unit, 0.0), last_place(*method, unit, 1.0)};
}

std::vector<CubeDimension> cube_dimensions(const space::Space& space) {
    std::vector<CubeDimension> dimensions;
    for (const space::Parameter& parameter : space.parameters()) {
        if (!is_fixed(parameter)) {
            dimensions.push_back(dimension_of(parameter.method));
        }
    }
    return dimensions;
}

std::vector<bool> active_dimensions(const space::Space& space, const space::Point& point) {
    std::vector<bool> active;
    for (std::size_t i = 0; i < point.size(); ++i) {
        if (!is_fixed(space.parameters()[i])) {
            active.push_back(!std::holds_alternative<space::Inactive>(point[i]));
        }
    }
    return active;
}

double unit_of_category(std::size_t category, std::size_t categories) {
    return (static_cast<double>(category) + 0.5) / static_cast<double>(categories);
}

std::size_t category_at(double unit, std::size_t categories) {
    const double place = std::clamp(unit, 0.0, 1.0) * static_cast<double>(categories);
    return std::min(static_cast<std::size_t>(place), categories - 1);
}

double mirrored(double unit) {
    const double folded = std::abs(std::remainder(unit, 2.0));
    return std::isfinite(folded) ? std::min(folded, 1.0) : 0.5;
}

double other_category(double unit, std::size_t categories, RandomStream& random) {
    const std::size_t own = category_at(unit, categories);
    if (categories == 1) {
        return unit_of_category(own, categories);
    }
    const std::size_t drawn = random.below(categories - 1);
    return unit_of_category(drawn < own ? drawn : drawn + 1, categories);
}

}  // namespace hpogrid::optimizers
