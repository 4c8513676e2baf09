#include "engine/schedulers/asynchyperband.hpp"

#include "engine/core/error.hpp"
#include "engine/core/parameter_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hpogrid::schedulers {

SuccessiveHalvingBracket::SuccessiveHalvingBracket(const Shape& shape) {
    const double span = std::log(shape.max_t / shape.grace_period) / std::log(shape.reduction_factor);
    // The division of logarithms of an exact power may fall a hair short.
    const double count = std::floor(span - static_cast<double>(shape.bracket) + 1.0 + 1e-9);
    for (double k = count - 1.0; k >= 0.0; k -= 1.0) {
        const double exponent = k + static_cast<double>(shape.bracket);
        rungs_.push_back({shape.grace_period * std::pow(shape.reduction_factor, exponent),
                          1.0 - 1.0 / shape.reduction_factor,
                          {},
                          {}});
    }
}

double SuccessiveHalvingBracket::Rung::cutoff() const {
    // Ray takes the quantile of scores that are maximised. Ours are negated, so the same one counts from the other end.
    const double position = (1.0 - quantile) * static_cast<double>(scores.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const std::size_t above = std::min(below + 1, scores.size() - 1);
    const double share = position - static_cast<double>(below);
    return scores[below] + share * (scores[above] - scores[below]);
}

void SuccessiveHalvingBracket::Rung::record(TrialId trial, double score) {
    seen.insert(trial);
    scores.insert(std::ranges::upper_bound(scores, score), score);
}

bool SuccessiveHalvingBracket::passes(TrialId trial, double time, double score) {
    for (Rung& rung : rungs_) {
        if (time < rung.milestone || rung.seen.contains(trial)) {
            continue;
        }
        const bool worse = !rung.scores.empty() && score > rung.cutoff();
        rung.record(trial, score);
        return !worse;
    }
    return true;
}

void SuccessiveHalvingBracket::forget(TrialId trial) {
    for (Rung& rung : rungs_) {
        rung.seen.erase(trial);
    }
}

namespace {

class AsyncHyperBand final : public Scheduler {
  public:
    struct Options {
        double max_t;
        bool stop_last_trials;
    };

    AsyncHyperBand(std::vector<SuccessiveHalvingBracket> brackets, Options options, std::uint64_t seed)
        : brackets_{std::move(brackets)}, options_{options}, seed_{seed} {}

    void on_trial_added(TrialId trial) override { bracket_of_[trial] = choose_bracket(trial); }

    Decision on_report(const Progress& progress) override {
        const bool at_the_end = progress.time >= options_.max_t;
        if (at_the_end && options_.stop_last_trials) {
            record(progress);
            return Decision::complete;
        }
        return record(progress) ? Decision::proceed : Decision::stop;
    }

    void on_trial_completed(const Progress& progress) override {
        record(progress);
        bracket_of_.erase(progress.trial);
    }

    void on_trial_removed(TrialId trial) override {
        if (const auto found = bracket_of_.find(trial); found != bracket_of_.end()) {
            brackets_[found->second].forget(trial);
            bracket_of_.erase(found);
        }
    }

  private:
    bool record(const Progress& progress) {
        const auto found = bracket_of_.find(progress.trial);
        if (found == bracket_of_.end() || !std::isfinite(progress.score) || std::isnan(progress.time)) {
            return true;
        }
        return brackets_[found->second].passes(progress.trial, progress.time, progress.score);
    }

    /// Ray draws the bracket with probabilities softmax(number of rungs).
    std::size_t choose_bracket(TrialId trial) const {
        std::vector<double> weights;
        for (const SuccessiveHalvingBracket& bracket : brackets_) {
            weights.push_back(
                std::exp(static_cast<double>(bracket.rungs()) - static_cast<double>(brackets_.front().rungs())));
        }
        double total = 0.0;
        for (const double weight : weights) {
            total += weight;
        }
        double left = RandomStream{seed_, trial.value, RandomPurpose::scheduler}.uniform() * total;
        for (std::size_t bracket = 0; bracket + 1 < weights.size(); ++bracket) {
            left -= weights[bracket];
            if (left < 0.0) {
                return bracket;
            }
        }
        return weights.size() - 1;
    }

    std::vector<SuccessiveHalvingBracket> brackets_;
    Options options_;
    std::uint64_t seed_;
    std::unordered_map<TrialId, std::size_t> bracket_of_;
};

}  // namespace

std::unique_ptr<Scheduler> make_asynchyperband(const SchedulerContext& context) {
    ParameterReader parameters{"scheduler_param", "asynchyperband", context.parameters};
    static_cast<void>(parameters.text("time_attr", "training_iteration"));
    SuccessiveHalvingBracket::Shape shape;
    shape.max_t = parameters.number("max_t", 100, 0, true);
    shape.grace_period = parameters.number("grace_period", 1, 0, true);
    shape.reduction_factor = parameters.number("reduction_factor", 4, 1, true);
    const std::size_t count = parameters.count("brackets", 1, 1);
    const bool stop_last_trials = parameters.flag("stop_last_trials", true);
    parameters.finish();
    if (shape.grace_period > shape.max_t) {
        throw InputError{
            fmt::format("scheduler_param key 'grace_period' of 'asynchyperband' is {} (above 'max_t' = {}), "
                        "allowed: at most 'max_t'",
                        shape.grace_period, shape.max_t)};
    }
    std::vector<SuccessiveHalvingBracket> brackets;
    for (shape.bracket = 0; shape.bracket < count; ++shape.bracket) {
        brackets.emplace_back(shape);
    }
    return std::make_unique<AsyncHyperBand>(std::move(brackets), AsyncHyperBand::Options{shape.max_t, stop_last_trials},
                                            context.seed);
}

}  // namespace hpogrid::schedulers
