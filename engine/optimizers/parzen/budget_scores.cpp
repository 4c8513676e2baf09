#include "engine/optimizers/parzen/budget_scores.hpp"

#include <algorithm>
#include <cmath>

namespace hpogrid::optimizers {
namespace {

using State = KnownTrial::State;

/// Calls `take(budget)` for each budget at which a trial has a score.
template <class Take>
void for_each_budget(const KnownTrial& trial, Take take) {
    if (trial.state == State::finished && trial.intermediate.empty()) {
        take(0.0);
    } else if (trial.state == State::finished || trial.state == State::pending) {
        std::ranges::for_each(trial.intermediate, take, &IntermediateScore::iteration);
    }
}

std::optional<double> score_at(const KnownTrial& trial, double budget) {
    if (trial.state != State::finished && trial.state != State::pending) {
        return std::nullopt;
    }
    const auto& reports = trial.intermediate;
    const auto report = std::ranges::lower_bound(reports, budget, {}, &IntermediateScore::iteration);
    if (report == reports.end() || report->iteration != budget) {
        const bool never_reported = trial.state == State::finished && reports.empty() && budget == 0.0;
        return never_reported ? std::optional{trial.score} : std::nullopt;
    }
    const bool final = trial.state == State::finished && report + 1 == reports.end();
    return final ? trial.score : report->score;
}

}  // namespace

void BudgetScores::note(const TrialHistory& history, std::uint32_t trial) {
    const KnownTrial& known = history.trials()[trial];
    counted_.resize(std::max(counted_.size(), history.trials().size()));
    Counted& before = counted_[trial];
    const Counted now{known.intermediate.size(),
                      known.intermediate.empty() ? 0.0 : known.intermediate.back().iteration};
    if (now.reports == before.reports + 1 && now.last > before.last && known.state == State::pending) {
        ++counts_[now.last];
    } else if (now.reports != before.reports || now.last != before.last) {
        // It was started again and reported from an earlier iteration on, or was withdrawn.
        count_again(history);
    } else if (known.state == State::finished && now.reports == 0) {
        ++counts_[0.0];
    } else if (known.state == State::failed) {
        for (const IntermediateScore& report : known.intermediate) {
            --counts_[report.iteration];
        }
    }
    before = now;
}

void BudgetScores::count_again(const TrialHistory& history) {
    counts_.clear();
    for (const KnownTrial& trial : history.trials()) {
        for_each_budget(trial, [&](double budget) { ++counts_[budget]; });
    }
}

std::optional<double> BudgetScores::largest(const std::function<bool(std::size_t scores)>& enough) const {
    const auto found =
        std::find_if(counts_.rbegin(), counts_.rend(), [&](const auto& entry) { return enough(entry.second); });
    return found != counts_.rend() ? std::optional{found->first} : std::nullopt;
}

std::vector<BudgetScores::Scored> BudgetScores::at(const TrialHistory& history, double budget) {
    std::vector<Scored> scores;
    const auto trials = history.trials();
    for (std::uint32_t trial = 0; trial < trials.size(); ++trial) {
        const auto score = score_at(trials[trial], budget);
        if (score && std::isfinite(*score)) {
            scores.push_back({*score, trial});
        }
    }
    return scores;
}

}  // namespace hpogrid::optimizers
