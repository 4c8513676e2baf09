#include "engine/schedulers/population.hpp"

#include "engine/core/parameter_reader.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace hpogrid::schedulers {
namespace {

class Population final : public Scheduler {
  public:
    Population(PopulationOptions options, std::unique_ptr<Exploration> exploration, std::uint64_t seed)
        : Scheduler{options.time_attribute},
          options_{std::move(options)},
          exploration_{std::move(exploration)},
          seed_{seed},
          next_meeting_{std::max(options_.perturbation_interval, options_.burn_in_period)} {}

    void on_trial_added(TrialId trial, const space::Point& point) override {
        trials_.resize(trial.value + 1);
        trials_[trial.value].point = point;
    }

    Decision on_report(const Progress& progress) override {
        Member& trial = trials_[progress.trial.value];
        // NaN as time is never due.
        if (!(progress.time >= milestone(progress.trial))) {
            return Decision::proceed;
        }
        trial.score = progress.score;
        trial.trained = progress.time;
        trial.can_go_on = progress.can_go_on;
        exploration_->on_interval(progress.trial, trial.point, progress.time, progress.score);
        if (options_.synch) {
            return meet(progress);
        }
        trial.perturbed = progress.time;
        const Quantiles quantiles = find_quantiles();
        if (perturb(progress.trial, quantiles)) {
            return Decision::pause;
        }
        const bool others_wait = progress.new_trials_wait || !paused_.empty();
        return others_wait && progress.can_go_on ? Decision::pause : Decision::proceed;
    }

    void on_trial_completed(const Progress& progress) override { on_trial_removed(progress.trial); }
    void on_trial_removed(TrialId trial) override {
        trials_[trial.value].ended = true;
        exploration_->forget(trial);
        if (options_.synch && !new_trials_wait_ && all_arrived(trial)) {
            perturb_all(next_meeting_);
        }
    }
    void on_trial_restarted(TrialId trial) override {
        exploration_->forget(trial);
        Member& member = trials_[trial.value];
        member = Member{.point = std::move(member.point)};
    }

    [[nodiscard]] double milestone(TrialId trial) const override {
        // A trial that began anew has a long way to the others: it does not stop at meetings that are over.
        return options_.synch
                   ? next_meeting_
                   : std::max(options_.burn_in_period, trials_[trial.value].perturbed + options_.perturbation_interval);
    }

    [[nodiscard]] std::vector<std::string> changing() const override { return exploration_->names(); }

    void on_trial_paused(TrialId trial) override { paused_.insert(trial); }

    std::optional<TrialId> next_resumed(const Vacancy& vacancy) override {
        new_trials_wait_ = vacancy.new_trials_wait;
        if (new_trials_wait_) {
            return std::nullopt;  // they have trained least
        }
        std::optional<TrialId> least;
        for (const TrialId trial : paused_) {
            const bool waits_for_others = options_.synch && of(trial).trained >= next_meeting_;
            if (!waits_for_others && (!least || of(trial).trained < of(*least).trained) &&
                vacancy.has_time_for(trial)) {
                least = trial;
            }
        }
        return least;
    }
    void on_trial_resumed(TrialId trial) override { paused_.erase(trial); }

    void on_stall() override {
        new_trials_wait_ = false;
        if (options_.synch) {
            perturb_all(next_meeting_);
        }
    }

  private:
    struct Member {
        space::Point point{};
        double score{std::numeric_limits<double>::quiet_NaN()};
        double perturbed{0.0};  ///< time of its last perturbation
        double trained{0.0};    ///< time of its last report that was considered
        bool can_go_on{false};  ///< it had a checkpoint then
        bool source{false};     ///< it was among the best then
        bool ended{false};
    };
    /// Trials by score, and how many at each end of them.
    struct Quantiles {
        std::vector<TrialId> worst_first;
        std::size_t size{0};

        [[nodiscard]] std::span<const TrialId> lower() const { return std::span{worst_first}.first(size); }
        [[nodiscard]] std::span<const TrialId> upper() const { return std::span{worst_first}.last(size); }
    };

    [[nodiscard]] const Member& of(TrialId trial) const { return trials_[trial.value]; }

    [[nodiscard]] Quantiles find_quantiles() const {
        Quantiles quantiles;
        for (std::uint32_t id = 0; id < trials_.size(); ++id) {
            if (!trials_[id].ended && !std::isnan(trials_[id].score)) {
                quantiles.worst_first.push_back(TrialId{id});
            }
        }
        std::ranges::stable_sort(quantiles.worst_first, std::ranges::greater{},
                                 [&](TrialId trial) { return of(trial).score; });
        const std::size_t count = quantiles.worst_first.size();
        const auto wanted =
            static_cast<std::size_t>(std::ceil(static_cast<double>(count) * options_.quantile_fraction));
        quantiles.size = count <= 1 ? 0 : std::min(wanted, count / 2);
        return quantiles;
    }

    /// Answers whether the trial goes on with the weights of another.
    bool perturb(TrialId trial, const Quantiles& quantiles) {
        Member& member = trials_[trial.value];
        const auto upper = quantiles.upper();
        const auto lower = quantiles.lower();
        member.source = member.can_go_on && std::ranges::find(upper, trial) != upper.end();
        if (std::ranges::find(lower, trial) == lower.end()) {
            return false;
        }
        RandomStream random{seed_, perturbations_++, RandomPurpose::scheduler};
        const TrialId source = upper[random.below(upper.size())];
        if (!of(source).source) {
            return false;
        }
        member.point = exploration_->explore(trial, source, of(source).point, random);
        member.perturbed = of(source).perturbed;
        member.trained = of(source).trained;
        give(Exploit{trial, source, member.point});
        return true;
    }

    // With synch.

    [[nodiscard]] bool all_arrived(TrialId besides) const {
        for (std::uint32_t id = 0; id < trials_.size(); ++id) {
            if (id != besides.value && !trials_[id].ended && trials_[id].trained < next_meeting_) {
                return false;
            }
        }
        return true;
    }

    Decision meet(const Progress& progress) {
        if (progress.new_trials_wait || !all_arrived(progress.trial)) {
            // Without a checkpoint it would begin anew, perhaps again and again.
            return progress.can_go_on ? Decision::pause : Decision::proceed;
        }
        const auto exploits = perturb_all(progress.time);
        return exploits.contains(progress.trial) ? Decision::pause : Decision::proceed;
    }

    /// Answers the trials that go on with the weights of others.
    std::set<TrialId> perturb_all(double time) {
        const Quantiles quantiles = find_quantiles();
        double longest = 0.0;
        for (Member& member : trials_) {
            member.perturbed = member.ended ? member.perturbed : time;
            longest = std::max(longest, member.trained);
        }
        std::set<TrialId> exploits;
        // The best ones first, so that they are sources when the worst ones look for one.
        for (auto trial = quantiles.worst_first.rbegin(); trial != quantiles.worst_first.rend(); ++trial) {
            if (perturb(*trial, quantiles)) {
                exploits.insert(*trial);
            }
        }
        next_meeting_ = std::max(next_meeting_ + options_.perturbation_interval, longest);
        return exploits;
    }

    PopulationOptions options_;
    std::unique_ptr<Exploration> exploration_;
    std::uint64_t seed_;
    std::uint32_t perturbations_{0};
    std::vector<Member> trials_;
    std::set<TrialId> paused_;
    double next_meeting_;  ///< time at which all trials wait for each other
    bool new_trials_wait_{true};
};

}  // namespace

PopulationOptions read_population_options(ParameterReader& parameters) {
    PopulationOptions options;
    options.time_attribute = parameters.text("time_attr", options.time_attribute);
    options.perturbation_interval = parameters.number("perturbation_interval", options.perturbation_interval, 0, true);
    options.quantile_fraction = parameters.number_between("quantile_fraction", options.quantile_fraction, 0, 0.5);
    options.synch = parameters.flag("synch", options.synch);
    static_cast<void>(parameters.flag("require_attrs", true));
    static_cast<void>(parameters.flag("log_config", true));
    return options;
}

std::unique_ptr<Scheduler> make_population(PopulationOptions options, std::unique_ptr<Exploration> exploration,
                                           std::uint64_t seed) {
    return std::make_unique<Population>(std::move(options), std::move(exploration), seed);
}

}  // namespace hpogrid::schedulers
