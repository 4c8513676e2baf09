#include "engine/schedulers/median_stopping.hpp"

#include "engine/core/parameter_reader.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

namespace hpogrid::schedulers {
namespace {

/// Scores of one trial over time.
class Curve {
  public:
    void add(double time, double score, double grace) {
        last_time_ = time;
        best_ = std::isfinite(score) ? std::min(best_, score) : best_;
        if (time >= grace) {
            sums_.push_back({time, score + (sums_.empty() ? 0.0 : sums_.back().sum)});
        }
    }
    [[nodiscard]] double last_time() const noexcept { return last_time_; }
    [[nodiscard]] double best() const noexcept { return best_; }
    /// Of the scores from the grace period to `time`; NaN without any, and where one of them is.
    [[nodiscard]] double mean(double time) const {
        const auto end = std::ranges::upper_bound(sums_, time, {}, &Sum::time);
        const auto count = static_cast<double>(end - sums_.begin());
        return count > 0 ? std::prev(end)->sum / count : std::numeric_limits<double>::quiet_NaN();
    }

  private:
    struct Sum {
        double time;
        double sum;  ///< of the scores up to this one
    };
    double last_time_{0.0};
    double best_{std::numeric_limits<double>::infinity()};
    std::vector<Sum> sums_;
};

/// Of an even number, the mean of the two in the middle. \pre not empty
double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return values.size() % 2 == 1 ? *middle : (*middle + *std::max_element(values.begin(), middle)) / 2;
}

class MedianStopping final : public Scheduler {
  public:
    struct Options {
        double grace_period;
        std::size_t min_samples;
        double min_time_slice;
        bool hard_stop;
        bool can_pause;
    };

    MedianStopping(std::string time_attribute, Options options)
        : Scheduler{std::move(time_attribute)}, options_{options} {}

    void on_trial_added(TrialId trial, const space::Point&) override { trials_.resize(trial.value + 1); }

    Decision on_report(const Progress& progress) override {
        State& trial = trials_[progress.trial.value];
        if (trial.undisturbed || std::isnan(progress.time)) {
            return Decision::proceed;
        }
        trial.curve.add(progress.time, progress.score, options_.grace_period);
        if (progress.time < options_.grace_period) {
            return Decision::proceed;
        }
        std::vector<double> means = means_of_others(progress);
        if (means.size() < options_.min_samples) {
            return yields(trial, progress) ? Decision::pause : Decision::proceed;
        }
        enough_ = true;
        if (trial.curve.best() <= median(std::move(means))) {
            return Decision::proceed;
        }
        trial.undisturbed = true;
        return options_.hard_stop ? Decision::stop : Decision::pause;
    }

    void on_trial_completed(const Progress& progress) override {
        if (!std::isnan(progress.time)) {
            trials_[progress.trial.value].curve.add(progress.time, progress.score, options_.grace_period);
        }
    }
    /// What it reported stays, as in Ray: the others are compared with it.
    void on_trial_removed(TrialId) override {}
    void on_trial_restarted(TrialId trial) override { trials_[trial.value].curve = {}; }

    [[nodiscard]] double milestone(TrialId trial) const override {
        const bool may_pause = options_.can_pause && (!options_.hard_stop || !enough_);
        return may_pause && !trials_[trial.value].undisturbed ? options_.grace_period : never;
    }
    void on_trial_paused(TrialId trial) override { paused_.push_back(trial); }
    std::optional<TrialId> next_resumed(const Vacancy& vacancy) override {
        if (vacancy.new_trials_wait) {
            return std::nullopt;
        }
        const auto first = std::ranges::find_if(paused_, vacancy.has_time_for);
        return first == paused_.end() ? std::nullopt : std::optional{*first};
    }
    void on_trial_resumed(TrialId trial) override { std::erase(paused_, trial); }

  private:
    struct State {
        Curve curve;
        double last_pause{-std::numeric_limits<double>::infinity()};
        bool undisturbed{false};  ///< it was judged once and for all
    };

    [[nodiscard]] std::vector<double> means_of_others(const Progress& progress) const {
        std::vector<double> means;
        for (std::uint32_t other = 0; other < trials_.size(); ++other) {
            const Curve& curve = trials_[other].curve;
            if (other == progress.trial.value || curve.last_time() < progress.time) {
                continue;
            }
            if (const double mean = curve.mean(progress.time); std::isfinite(mean)) {
                means.push_back(mean);
            }
        }
        return means;
    }

    bool yields(State& trial, const Progress& progress) const {
        const bool others_wait = progress.new_trials_wait || !paused_.empty();
        const bool had_its_slice = progress.time - trial.last_pause > options_.min_time_slice;
        if (!options_.can_pause || enough_ || !had_its_slice || !others_wait || !progress.can_go_on) {
            return false;
        }
        trial.last_pause = progress.time;
        return true;
    }

    Options options_;
    std::vector<State> trials_;
    std::deque<TrialId> paused_;
    bool enough_{false};  ///< some trial found enough others to be compared with
};

}  // namespace

std::unique_ptr<Scheduler> make_median_stopping(const SchedulerContext& context) {
    ParameterReader parameters{"scheduler_param", "median_stopping", context.parameters};
    std::string time_attribute = parameters.text("time_attr", "time_total_s");
    MedianStopping::Options options{};
    options.grace_period = parameters.number("grace_period", 60, 0);
    options.min_samples = parameters.count("min_samples_required", 3, 1);
    options.min_time_slice = parameters.number("min_time_slice", 0, 0);
    options.hard_stop = parameters.flag("hard_stop", true);
    options.can_pause = context.can_pause;
    parameters.finish();
    if (!options.hard_stop) {
        require_pausing(context, "median_stopping");
    }
    return std::make_unique<MedianStopping>(std::move(time_attribute), options);
}

}  // namespace hpogrid::schedulers
