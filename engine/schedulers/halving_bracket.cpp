#include "engine/schedulers/halving_bracket.hpp"

#include <algorithm>
#include <cmath>

namespace hpogrid::schedulers {

bool HalvingBracket::all_arrived() const noexcept {
    return !members_.empty() &&
           std::ranges::all_of(members_, [&](const Member& member) { return member.time >= shape_.milestone; });
}

void HalvingBracket::add(TrialId trial) {
    ++added_;
    members_.push_back({.trial = trial});
}

HalvingBracket::Member* HalvingBracket::find(TrialId trial) noexcept {
    const auto found = std::ranges::find(members_, trial, &Member::trial);
    return found == members_.end() ? nullptr : &*found;
}

void HalvingBracket::remove(TrialId trial) {
    std::erase_if(members_, [&](const Member& member) { return member.trial == trial; });
}

std::vector<HalvingBracket::Member> HalvingBracket::halve() {
    --shape_.halvings;
    survivors_ = static_cast<std::size_t>(std::ceil(static_cast<double>(survivors_) / shape_.factor));
    shape_.milestone = std::trunc(std::min(shape_.milestone * shape_.factor, shape_.max_t));
    std::vector<Member> worst_first = members_;
    const auto badness = [](const Member& member) {
        return std::isfinite(member.score) ? member.score : std::numeric_limits<double>::infinity();
    };
    std::ranges::stable_sort(worst_first, std::ranges::greater{}, badness);
    worst_first.resize(worst_first.size() - std::min(worst_first.size(), survivors_));
    for (const Member& loser : worst_first) {
        remove(loser.trial);
    }
    return worst_first;
}

}  // namespace hpogrid::schedulers
