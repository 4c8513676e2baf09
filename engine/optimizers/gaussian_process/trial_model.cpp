#include "engine/optimizers/gaussian_process/trial_model.hpp"

#include "engine/core/random.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <set>
#include <utility>

namespace hpogrid::optimizers {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Above twice so many rows, a fit begins where one to so many ends: most of the way costs little there.
constexpr std::size_t coarse_rows = 80;
constexpr std::size_t fine_evaluations = 10;

/// Rows at which hyperparameters are fitted again after `rows`.
std::size_t fit_after(std::size_t rows) noexcept {
    return rows + std::max<std::size_t>(1, rows / 20);
}

/// Log-uniform within a factor of 10 around the initial value and within bounds.
double random_value(const HyperparameterBelief& belief, RandomStream& random) {
    const double low = std::max(belief.lower, belief.initial / 10.0);
    const double high = std::min(belief.upper, belief.initial * 10.0);
    return low < high ? std::exp(std::lerp(std::log(low), std::log(high), random.uniform())) : belief.initial;
}

template <class Vector>
VectorXd rows_of(const Vector& values, std::span<const std::size_t> rows) {
    VectorXd result(static_cast<Index>(rows.size()));
    for (Index i = 0; i < result.size(); ++i) {
        result(i) = values(static_cast<Index>(rows[static_cast<std::size_t>(i)]));
    }
    return result;
}

}  // namespace

std::vector<std::size_t> representative_rows(const VectorXd& targets, std::size_t most) {
    const auto count = static_cast<std::size_t>(targets.size());
    std::vector<std::size_t> rows(count);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    if (count <= most) {
        return rows;
    }
    std::ranges::stable_sort(rows, {}, [&](std::size_t row) { return targets(static_cast<Index>(row)); });
    const std::size_t best = most / 4;
    const auto rest = std::span{rows}.subspan(best);
    std::ranges::sort(rest);
    const std::size_t wanted = most - best;
    for (std::size_t i = 0; i < wanted; ++i) {
        rest[i] = rest[i * rest.size() / wanted];
    }
    rows.resize(most);
    std::ranges::sort(rows);
    return rows;
}

TrialModel::TrialModel(const FeatureMap& map, const TrialHistory& history, TrialModelOptions options,
                       std::uint64_t seed)
    : map_{map},
      history_{history},
      options_{std::move(options)},
      seed_{seed},
      process_{options_.process.kernel, options_.process.initial(), 0.0} {}

void TrialModel::learn(const Observation& observation) {
    if (observation.kind == Observation::Kind::finished || observation.kind == Observation::Kind::failed) {
        ended_.push_back(observation.trial.value);
    }
}

MatrixXd TrialModel::features_of(std::span<const std::uint32_t> trials) const {
    return optimizers::features_of(map_, history_, trials);
}

std::vector<Hyperparameters> TrialModel::starts(std::size_t rows) const {
    std::vector<Hyperparameters> starts{options_.process.initial()};
    // Counted from the top, where no trial's own stream is.
    RandomStream random{seed_, ~static_cast<std::uint32_t>(rows), RandomPurpose::model};
    for (std::size_t restart = 0; restart < options_.restarts; ++restart) {
        Hyperparameters start = options_.process.initial();
        for (double& scale : start.length_scales) {
            scale = random_value(options_.process.length_scale, random);
        }
        start.amplitude = random_value(options_.process.amplitude, random);
        start.noise = random_value(options_.process.noise, random);
        starts.push_back(std::move(start));
    }
    return starts;
}

void TrialModel::fit(std::size_t rows) {
    const auto trials = std::span{ended_}.first(rows);
    const TrialTargets known = targets_of(history_, trials, options_.shape, options_.training);
    const VectorXd& targets = known.targets;
    const auto fit_to = [&](std::size_t most, std::span<const Hyperparameters> from, const FitLimits& limits) {
        const std::vector<std::size_t> some = representative_rows(targets, most);
        std::vector<std::uint32_t> chosen;
        std::ranges::transform(some, std::back_inserter(chosen), [&](std::size_t row) { return trials[row]; });
        const VectorXd doubts = known.doubts.size() > 0 ? rows_of(known.doubts, some) : VectorXd{};
        return fit_hyperparameters(options_.process, features_of(chosen), rows_of(targets, some), from, limits, doubts);
    };
    std::vector<Hyperparameters> from = starts(rows);
    FitLimits limits = options_.limits;
    if (rows > 2 * coarse_rows) {
        from = {fit_to(coarse_rows, from, limits).hyperparameters};
        limits.evaluations = std::min(limits.evaluations, fine_evaluations);
    }
    process_ =
        GaussianProcess{options_.process.kernel, fit_to(options_.most_fitted, from, limits).hyperparameters, 0.0};
    // If no jitter helps, the process is empty, and update() appends row by row, which always works.
    static_cast<void>(process_.observe(features_of(trials), targets, known.doubts));
    observed_ = process_.size();
    imagined_.clear();
}

bool TrialModel::update() {
    const std::size_t rows = ended_.size();
    if (!history_.best()) {
        return false;
    }
    if (static_cast<std::size_t>(observed_) == rows) {
        return true;
    }
    if (rows >= next_fit_) {
        std::size_t latest = next_fit_;
        while (next_fit_ <= rows) {
            latest = next_fit_;
            next_fit_ = fit_after(next_fit_);
        }
        fit(latest);
    } else {
        forget_imagined();
    }
    TrialTargets all = targets_of(history_, ended_, options_.shape, options_.training);
    for (; static_cast<std::size_t>(observed_) < rows; ++observed_) {
        const auto trial = std::span{ended_}.subspan(static_cast<std::size_t>(observed_), 1);
        process_.append(features_of(trial), all.targets.segment<1>(observed_), doubt_of_row(observed_, all));
    }
    scale_ = all.scale;
    targets_ = std::move(all.targets);
    condition_on_targets();
    return true;
}

double TrialModel::doubt_of_row(Index row, const TrialTargets& all) const {
    if (all.doubts.size() == 0 || row + 1 == all.doubts.size()) {
        return all.doubts.size() == 0 ? 0.0 : all.doubts(row);
    }
    // As it was when the trial ended, whatever ended since.
    const auto until = std::span{ended_}.first(static_cast<std::size_t>(row) + 1);
    const TrialTargets then = targets_of(history_, until, options_.shape, options_.training);
    return then.doubts.size() == 0 ? 0.0 : then.doubts(row);
}

void TrialModel::condition_on_targets() {
    const bool zero = options_.process.mean == PriorMean::zero;
    process_.set_targets(targets_, zero ? 0.0 : process_.most_likely_mean(targets_));
}

void TrialModel::forget_imagined() {
    if (process_.size() > observed_) {
        process_.truncate(observed_);
        if (process_.outputs() > 1) {
            condition_on_targets();
        }
    }
    imagined_.clear();
}

void TrialModel::imagine_pending() {
    const std::set<std::uint32_t>& pending = history_.pending();
    const bool only_more =
        imagined_.size() <= pending.size() && std::equal(imagined_.begin(), imagined_.end(), pending.begin());
    if (!only_more) {
        forget_imagined();
    }
    const std::vector<std::uint32_t> added{std::next(pending.begin(), static_cast<std::ptrdiff_t>(imagined_.size())),
                                           pending.end()};
    if (!added.empty()) {
        process_.append_imagined(features_of(added),
                                 MatrixXd::Zero(static_cast<Index>(added.size()), process_.outputs()),
                                 process_.hyperparameters().noise);
        imagined_.insert(imagined_.end(), added.begin(), added.end());
    }
}

double TrialModel::best_target() const {
    return scale_(history_.trials()[*history_.best()].score);
}

}  // namespace hpogrid::optimizers
