#pragma once

#include "engine/core/random.hpp"
#include "engine/space/space.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string_view>

namespace hpogrid::schedulers {

/// The values that a scheduler may give to a number: those of its sampling method, or those from one bound to another,
/// which may lie outside the search space. Distances are those of the sampling method: of logarithms where it samples
/// logarithms.
class HyperparameterRange {
  public:
    /// All that the search space has. \pre the method is of numbers
    explicit HyperparameterRange(space::SamplingMethod method) : method_{std::move(method)} {}
    /// From `low` to `high`, of the method's kind. \pre low is at most high
    HyperparameterRange(const space::SamplingMethod& method, const space::Value& low, const space::Value& high);

    /// The value that has this share of the range below it; monotone. `share` in [0, 1].
    [[nodiscard]] space::Value at(double share) const;
    /// The inverse; a value outside counts as the nearest inside.
    [[nodiscard]] double share_of(const space::Value& value) const;
    /// The nearest value of the range on the grid of the method; a real number becomes an integer by cutting it off.
    [[nodiscard]] space::Value nearest(double number) const;

  private:
    space::SamplingMethod method_;
    double low_{0.0};  ///< in the unit interval of the method
    double high_{1.0};
};

/// Real, whatever kind of number it is. \pre it is a number
[[nodiscard]] double number_of(const space::Value& value);

/// Where in a configuration hyperparameters are named, for messages.
struct Naming {
    std::string_view key;    ///< of `scheduler_param`
    std::string_view owner;  ///< the scheduler
};

/// Throws InputError: "scheduler_param key '<key>.<name>' of '<owner>' is <value>, allowed: <allowed>".
[[noreturn]] void refuse(const Naming& naming, std::string_view name, const nlohmann::json& value,
                         std::string_view allowed);

/// Whether a scheduler can change it: whether it has more than one value.
[[nodiscard]] bool may_change(const space::Parameter& parameter);
/// Index of the parameter of this name. Throws InputError unless there is one that may change.
[[nodiscard]] std::size_t changeable_parameter(const space::Space& space, std::string_view name, const Naming& naming);

/// The point with values for what is absent as well, drawn from the search space: a condition may come to hold.
/// space::Space::apply_conditions() takes the others off again.
[[nodiscard]] space::Point with_absent_drawn(const space::Space& space, space::Point point, RandomStream& random);

/// A value that a user wrote, of the method's kind, in the search space or not; categories are those of the search
/// space. Throws InputError naming what is allowed.
[[nodiscard]] space::Value read_value(const space::Parameter& parameter, const nlohmann::json& written,
                                      const Naming& naming);

}  // namespace hpogrid::schedulers
