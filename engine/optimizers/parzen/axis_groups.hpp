#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hpogrid::optimizers {

/// Which axes are modelled together, as Optuna decides it: those that were always active together.
class AxisGroups {
  public:
    enum class Rule : std::uint8_t {
        single,        ///< every axis by itself: `multivariate` off
        intersection,  ///< the axes that were active in all trials together, every other one by itself
        decomposed,    ///< `group`: the finest partition of which every trial's axes are a union
    };
    using Group = std::vector<std::size_t>;  ///< axes, ascending

    AxisGroups(std::size_t axes, Rule rule);

    /// A trial finished. `active`: [axis]. Answers whether groups() changed.
    bool add(const std::vector<bool>& active);
    /// Every axis is in one of them.
    [[nodiscard]] const std::vector<Group>& groups() const noexcept { return groups_; }

  private:
    Rule rule_;
    bool any_{false};
    /// [axis]: axes with the same number belong together; 0: no trial had the axis, or it stands for itself.
    std::vector<std::size_t> number_;
    std::vector<Group> groups_;
};

}  // namespace hpogrid::optimizers
