#include "engine/schedulers/asynchyperband.hpp"

#include "engine/core/error.hpp"
#include "engine/core/parameter_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hpogrid::schedulers {

SuccessiveHalvingBracket::SuccessiveHalvingBracket(const Shape& shape) : stop_last_trials_{shape.stop_last_trials} {
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

/// The quantile of scores that are maximised, as Ray has them and in NumPy's arithmetic, so that a score that is equal
/// to it stays equal to it; ours are negated.
double SuccessiveHalvingBracket::Rung::cutoff() const {
    const std::size_t last = scores.size() - 1;
    const double position = quantile * static_cast<double>(last);
    const auto below = static_cast<std::size_t>(position);
    const double share = position - static_cast<double>(below);
    const double low = scores[last - below];
    const double high = scores[last - std::min(below + 1, last)];
    return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1.0 - share);
}

void SuccessiveHalvingBracket::Rung::record(TrialId trial, double score) {
    seen.insert(trial);
    if (!std::isfinite(score)) {
        return;
    }
    scores.insert(std::ranges::upper_bound(scores, score), score);
}

bool SuccessiveHalvingBracket::passes(TrialId trial, double time, double score) {
    for (Rung& rung : rungs_) {
        const bool seen = rung.seen.contains(trial);
        if (time >= rung.milestone && seen && !stop_last_trials_) {
            return true;
        }
        if (time < rung.milestone || seen) {
            continue;
        }
        const bool worse = !rung.scores.empty() && score > rung.cutoff();
        rung.record(trial, score);
        return !worse;
    }
    return true;
}

double SuccessiveHalvingBracket::next_milestone(TrialId trial) const {
    double next = Scheduler::never;
    for (const Rung& rung : rungs_) {
        if (!rung.seen.contains(trial)) {
            next = rung.milestone;
        } else if (!stop_last_trials_) {
            break;
        }
    }
    return next;
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
        bool saves_at_rungs;
    };

    AsyncHyperBand(std::string time_attribute, std::vector<SuccessiveHalvingBracket> brackets, Options options,
                   std::uint64_t seed)
        : Scheduler{std::move(time_attribute)}, brackets_{std::move(brackets)}, options_{options}, seed_{seed} {}

    void on_trial_added(TrialId, const space::Point&) override {}

    Decision on_report(const Progress& progress) override {
        if (progress.time >= options_.max_t && options_.stop_last_trials) {
            return Decision::complete;
        }
        return record(progress) ? Decision::proceed : Decision::stop;
    }

    void on_trial_completed(const Progress& progress) override { record(progress); }
    void on_trial_removed(TrialId trial) override { on_trial_restarted(trial); }
    void on_trial_restarted(TrialId trial) override { brackets_[choose_bracket(trial)].forget(trial); }

    /// Nothing needs to wait here, but whatever a trial is stopped at, it ends with a checkpoint: it may be the best.
    [[nodiscard]] double milestone(TrialId trial) const override {
        return options_.saves_at_rungs ? next_judgement(trial) : end();
    }
    [[nodiscard]] double next_judgement(TrialId trial) const override {
        return std::min(end(), brackets_[choose_bracket(trial)].next_milestone(trial));
    }

  private:
    [[nodiscard]] double end() const noexcept { return options_.stop_last_trials ? options_.max_t : never; }

    bool record(const Progress& progress) {
        return std::isnan(progress.time) ||
               brackets_[choose_bracket(progress.trial)].passes(progress.trial, progress.time, progress.score);
    }

    /// Ray draws the bracket with probabilities softmax(number of rungs).
    [[nodiscard]] std::size_t choose_bracket(TrialId trial) const {
        if (brackets_.size() == 1) {
            return 0;
        }
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
};

}  // namespace

std::unique_ptr<Scheduler> make_asynchyperband(const SchedulerContext& context) {
    ParameterReader parameters{"scheduler_param", "asynchyperband", context.parameters};
    std::string time_attribute = parameters.text("time_attr", "training_iteration");
    SuccessiveHalvingBracket::Shape shape;
    shape.max_t = parameters.number("max_t", 100, 0, true);
    shape.grace_period = parameters.number("grace_period", 1, 0, true);
    shape.reduction_factor = parameters.number("reduction_factor", 4, 1, true);
    const std::size_t count = parameters.count("brackets", 1, 1);
    shape.stop_last_trials = parameters.flag("stop_last_trials", true);
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
    return std::make_unique<AsyncHyperBand>(
        std::move(time_attribute), std::move(brackets),
        AsyncHyperBand::Options{shape.max_t, shape.stop_last_trials, context.keeps_checkpoints}, context.seed);
}

}  // namespace hpogrid::schedulers
