#pragma once

#include "engine/core/ids.hpp"
#include "engine/core/random.hpp"
#include "engine/space/value.hpp"

#include <string>
#include <vector>

namespace hpogrid::schedulers {

/// How a trial of a population that goes on with the weights of another one comes to its hyperparameters ("explore").
class Exploration {
  public:
    Exploration() = default;
    Exploration(const Exploration&) = delete;
    Exploration& operator=(const Exploration&) = delete;
    virtual ~Exploration() = default;

    /// Hyperparameters that may change.
    [[nodiscard]] virtual std::vector<std::string> names() const = 0;
    /// The trial has trained with these hyperparameters to this time, the end of a perturbation interval. `score` is to
    /// be minimised, and may be NaN.
    virtual void on_interval(TrialId /*trial*/, const space::Point& /*point*/, double /*time*/, double /*score*/) {}
    /// The trial has ended, or starts again from the beginning.
    virtual void forget(TrialId /*trial*/) {}
    /// Hyperparameters for `trial`, which goes on with the weights of `source`, made of those that `source` has.
    [[nodiscard]] virtual space::Point explore(TrialId trial, TrialId source, const space::Point& point,
                                               RandomStream& random) = 0;
};

}  // namespace hpogrid::schedulers
