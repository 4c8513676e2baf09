#pragma once

#include "engine/space/parameter.hpp"
#include "engine/space/value.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace hpogrid::space {

/// The search space: an ordered list of parameters and the map between its points and the unit cube.
///
/// Every parameter but a fixed one has one dimension of the cube, in order. `decode` is the quantile function of the
/// sampling method, so a uniform random point of the cube becomes a sample with the seed's distribution, and a
/// quasi-random or model-based optimiser needs to know nothing but the cube. `encode` is its inverse: for a discrete
/// parameter it answers the middle of the value's interval, so decode(encode(p)) == p.
class Space {
  public:
    /// Throws InputError on a duplicate name, a condition on an unknown parameter or value, or a circle of conditions.
    explicit Space(std::vector<Parameter> parameters);

    [[nodiscard]] std::span<const Parameter> parameters() const noexcept { return parameters_; }
    /// Dimensions of the unit cube.
    [[nodiscard]] std::size_t dimensions() const noexcept;

    /// `unit`: [dimension], each in [0, 1].
    [[nodiscard]] Point decode(std::span<const double> unit) const;
    /// The same with every parameter set, whether its condition holds or not.
    [[nodiscard]] Point decode_unconditioned(std::span<const double> unit) const;
    /// `unit`: [dimension]; an inactive parameter is written as 0.5.
    void encode(const Point& point, std::span<double> unit) const;

    /// The trial's configuration as JSON: {name: value}, inactive parameters absent.
    [[nodiscard]] nlohmann::json configuration(const Point& point) const;
    /// The inverse, for points that a user wrote. Throws InputError naming the key, the value and what is allowed.
    [[nodiscard]] Point point(const nlohmann::json& configuration) const;

    /// Sets parameters whose condition does not hold to Inactive.
    void apply_conditions(Point& point) const;

    /// Upper bound of the number of different points (exact without conditions), or nothing if it is not finite or
    /// above 2^53.
    [[nodiscard]] std::optional<std::uint64_t> cardinality() const;

  private:
    /// A condition with its parent found and its values understood.
    struct Dependency {
        std::size_t parent;
        std::vector<Value> values;
    };
    Dependency resolve(const Parameter& parameter, const Condition& condition) const;
    void order_by_dependency();
    [[nodiscard]] std::size_t member_of_circle(const std::vector<bool>& placed) const;

    std::vector<Parameter> parameters_;
    std::vector<std::vector<Dependency>> dependencies_;  ///< of each parameter
    std::vector<std::size_t> order_;                     ///< parents before children
    std::size_t dimensions_{0};
};

}  // namespace hpogrid::space
