#include "engine/optimizers/parzen/trial_split.hpp"

#include <algorithm>
#include <cmath>

namespace hpogrid::optimizers {

void TrialSplit::note(std::uint32_t trial, bool replaced) {
    (replaced ? replaced_ : noted_).push_back(trial);
}

std::span<const TrialSplit::Move> TrialSplit::update(const TrialHistory& history) {
    moves_.clear();
    const auto trials = history.trials();
    for (std::size_t trial = known_.size(); trial < trials.size(); ++trial) {
        noted_.push_back(static_cast<std::uint32_t>(trial));
    }
    known_.resize(trials.size());
    sides_.resize(trials.size(), Side::none);
    for (const std::uint32_t trial : replaced_) {
        move(trial, Side::none);
        noted_.push_back(trial);
    }
    for (const std::uint32_t trial : noted_) {
        take_in(trial, trials[trial]);
    }
    std::vector<std::uint32_t> good = best();
    noted_.insert(noted_.end(), below_.begin(), below_.end());
    below_ = std::move(good);
    for (const std::uint32_t trial : noted_) {
        const bool among_best = std::ranges::binary_search(below_, trial);
        const bool bad = known_[trial].standing != Standing::hidden;
        move(trial, among_best ? Side::below : bad ? Side::above : Side::none);
    }
    for (const std::uint32_t trial : below_) {
        move(trial, Side::below);
    }
    noted_.clear();
    replaced_.clear();
    return moves_;
}

TrialSplit::Standing TrialSplit::standing_of(const KnownTrial& trial) const noexcept {
    switch (trial.state) {
        case KnownTrial::State::finished:
            return std::isfinite(trial.score) ? Standing::ranked : Standing::worst;
        case KnownTrial::State::failed:
            return Standing::worst;
        case KnownTrial::State::pending:
            return pending_ == Pending::ignored ? Standing::hidden : Standing::waiting;
        case KnownTrial::State::absent:
            break;
    }
    return Standing::hidden;
}

void TrialSplit::take_in(std::uint32_t trial, const KnownTrial& known) {
    const auto counted = [&](Standing standing) {
        return standing == Standing::worst || (standing == Standing::waiting && pending_ == Pending::counted) ? 1 : 0;
    };
    Known& before = known_[trial];
    const Standing standing = standing_of(known);
    if (before.standing == Standing::ranked) {
        ranked_.erase({before.score, trial});
    }
    if (standing == Standing::ranked) {
        ranked_.insert({known.score, trial});
    }
    unranked_ = unranked_ - counted(before.standing) + counted(standing);
    before = {standing, known.score};
}

std::vector<std::uint32_t> TrialSplit::best() const {
    const std::size_t count = std::min(rule_(observations()), ranked_.size());
    std::vector<std::uint32_t> trials;
    for (auto place = ranked_.begin(); trials.size() < count; ++place) {
        trials.push_back(place->second);
    }
    std::ranges::sort(trials);
    return trials;
}

void TrialSplit::move(std::uint32_t trial, Side to) {
    if (sides_[trial] != to) {
        moves_.push_back({trial, sides_[trial], to});
        sides_[trial] = to;
    }
}

}  // namespace hpogrid::optimizers
