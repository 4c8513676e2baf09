#include "engine/optimizers/parzen/axis_groups.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace hpogrid::optimizers {

AxisGroups::AxisGroups(std::size_t axes, Rule rule) : rule_{rule}, number_(axes, 0) {
    for (std::size_t axis = 0; axis < axes; ++axis) {
        groups_.push_back({axis});
    }
}

bool AxisGroups::add(const std::vector<bool>& active) {
    if (rule_ == Rule::single) {
        return false;
    }
    // Each group falls into the part that is active now and the part that is not.
    std::map<std::pair<std::size_t, bool>, std::size_t> numbers;
    std::vector<std::size_t> refined(number_.size(), 0);
    for (std::size_t axis = 0; axis < number_.size(); ++axis) {
        const bool alone = rule_ == Rule::intersection ? !active[axis] || (any_ && number_[axis] == 0)
                                                       : !active[axis] && number_[axis] == 0;
        if (!alone) {
            refined[axis] = numbers.try_emplace({number_[axis], active[axis]}, numbers.size() + 1).first->second;
        }
    }
    any_ = true;
    number_ = std::move(refined);
    std::vector<Group> groups(numbers.size());
    for (std::size_t axis = 0; axis < number_.size(); ++axis) {
        if (number_[axis] == 0) {
            groups.push_back({axis});
        } else {
            groups[number_[axis] - 1].push_back(axis);
        }
    }
    std::ranges::sort(groups);
    return std::exchange(groups_, groups) != groups;
}

}  // namespace hpogrid::optimizers
