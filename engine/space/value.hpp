#pragma once

#include <compare>
#include <cstdint>
#include <variant>
#include <vector>

namespace hpogrid::space {

/// The parameter's condition does not hold: it is absent from the trial's configuration.
struct Inactive {
    friend constexpr auto operator<=>(Inactive, Inactive) = default;
};

/// Index into the `categories` of a categorical parameter, or 0 for a `fixed` one.
struct Category {
    std::uint32_t index{0};
    friend constexpr auto operator<=>(Category, Category) = default;
};

/// Value of one parameter of one trial. Which alternative it holds follows from the sampling method.
using Value = std::variant<Inactive, double, std::int64_t, Category>;

/// One value a parameter, in the order of Space::parameters().
using Point = std::vector<Value>;

}  // namespace hpogrid::space
