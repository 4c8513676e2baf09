#include "engine/optimizers/trial_history.hpp"

#include <algorithm>

namespace hpogrid::optimizers {

using State = KnownTrial::State;

TrialHistory::TrialHistory(const space::Space& space)
    : space_{space}, points_{space, KnownPoints::Remember::everything} {}

void TrialHistory::suggest(const space::Point& point) {
    take_pending(next_index(), point);
}

bool TrialHistory::tell(const Observation& observation) {
    const std::uint32_t index = observation.trial.value;
    if (observation.kind == Observation::Kind::pending) {
        return take_pending(index, observation.point);
    }
    if (index >= trials_.size() || trials_[index].state != State::pending) {
        return false;
    }
    KnownTrial& trial = trials_[index];
    if (observation.kind != Observation::Kind::intermediate) {
        pending_.erase(index);
    }
    switch (observation.kind) {
        case Observation::Kind::pending:
            break;
        case Observation::Kind::intermediate: {
            const auto again =
                std::ranges::lower_bound(trial.intermediate, observation.iteration, {}, &IntermediateScore::iteration);
            trial.intermediate.erase(again, trial.intermediate.end());
            trial.intermediate.push_back({observation.iteration, observation.score});
            break;
        }
        case Observation::Kind::finished:
            trial.state = State::finished;
            trial.score = observation.score;
            finished_.push_back(index);
            if (!best_ || trial.score < trials_[*best_].score) {
                best_ = index;
            }
            break;
        case Observation::Kind::failed:
            trial.state = State::failed;
            failed_.push_back(index);
            break;
        case Observation::Kind::withdrawn:
            points_.remove(trial.point);
            trial = {};
            break;
    }
    return true;
}

bool TrialHistory::take_pending(std::uint32_t index, const space::Point& point) {
    if (index >= trials_.size()) {
        trials_.resize(index + std::size_t{1});
    }
    KnownTrial& trial = trials_[index];
    if (trial.state == State::pending && trial.point != point) {
        points_.remove(trial.point);
        trial = {};
    }
    if (trial.state != State::absent) {
        return false;
    }
    pending_.insert(index);
    trial.state = State::pending;
    trial.point = point;
    trial.unit.resize(space_.dimensions());
    space_.encode(point, trial.unit);
    points_.add(point);
    return true;
}

}  // namespace hpogrid::optimizers
