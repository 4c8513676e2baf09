#include "engine/optimizers/gaussian_process/full_training.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hpogrid::optimizers {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

double end_of(const KnownTrial& trial) noexcept {
    return trial.intermediate.empty() ? 0.0 : trial.intermediate.back().iteration;
}

/// Different iterations at which trials ended, ascending, at most `most` of them, the last one always.
std::vector<double> levels_of(std::span<const KnownTrial* const> trials, std::size_t most) {
    std::vector<double> levels;
    for (const KnownTrial* trial : trials) {
        levels.push_back(end_of(*trial));
    }
    std::ranges::sort(levels);
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    if (levels.size() > most) {
        for (std::size_t i = 0; i < most; ++i) {
            levels[i] = levels[i * (levels.size() - 1) / (most - 1)];
        }
        levels.resize(most);
    }
    return levels;
}

/// The best score of a trial up to each level, NaN before its first report and beyond its end. [level]
std::vector<double> best_scores(const KnownTrial& trial, std::span<const double> levels) {
    std::vector<double> scores(levels.size(), missing);
    double best = missing;
    auto report = trial.intermediate.begin();
    for (std::size_t level = 0; level < levels.size() && levels[level] <= end_of(trial); ++level) {
        for (; report != trial.intermediate.end() && report->iteration <= levels[level]; ++report) {
            best = std::fmin(best, report->score);
        }
        scores[level] = best;
    }
    return scores;
}

double median(std::vector<double>& values) {
    if (values.empty()) {
        return 0.0;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// The standard deviation of normal values that lie as far from `centre` in the median.
double typical_distance(std::vector<double>& values, double centre) {
    constexpr double of_normal = 1.4826;
    std::ranges::for_each(values, [&](double& value) { value = std::abs(value - centre); });
    return of_normal * median(values);
}

}  // namespace

FullTraining::FullTraining(const TrialHistory& history, std::span<const std::uint32_t> trials) {
    std::vector<const KnownTrial*> finished;
    for (const std::uint32_t trial : trials) {
        if (history.trials()[trial].state == KnownTrial::State::finished) {
            finished.push_back(&history.trials()[trial]);
        }
    }
    const std::vector<double> levels = levels_of(finished, most_levels);
    if (levels.size() < 2) {
        return;
    }
    std::vector<std::vector<double>> gains(levels.size() - 1);  // [step from a level to the next]
    for (const KnownTrial* trial : finished) {
        const std::vector<double> scores = best_scores(*trial, levels);
        for (std::size_t step = 0; step < gains.size(); ++step) {
            const double gain = scores[step + 1] - scores[step];
            if (std::isfinite(gain)) {
                gains[step].push_back(gain);
            }
        }
    }
    levels_.resize(levels.size());
    levels_.back() = {levels.back(), 0.0, 0.0};
    for (std::size_t step = gains.size(); step-- > 0;) {
        const double gain = median(gains[step]);
        const double deviation = typical_distance(gains[step], gain);
        // Those that went on had been chosen by their scores, so the others may differ from them, however alike these
        // are: two standard deviations reach from no gain to twice the gain.
        const double variance = deviation * deviation + 0.25 * gain * gain;
        const Level& next = levels_[step + 1];
        levels_[step] = {levels[step], next.gain + gain, next.variance + variance};
    }
}

FullTraining::Expectation FullTraining::of(const KnownTrial& trial) const noexcept {
    const auto level = std::ranges::lower_bound(levels_, end_of(trial), {}, &Level::iteration);
    if (level == levels_.end()) {
        return {trial.score, 0.0};
    }
    const Expectation expected{trial.score + level->gain, std::sqrt(level->variance)};
    const bool finite = std::isfinite(expected.score) && std::isfinite(expected.deviation);
    return finite ? expected : Expectation{trial.score, 0.0};
}

}  // namespace hpogrid::optimizers
