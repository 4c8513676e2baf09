#include "engine/schedulers/pbt.hpp"

#include "engine/core/error.hpp"
#include "engine/core/parameter_reader.hpp"
#include "engine/schedulers/mutation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <string>

namespace hpogrid::schedulers {
namespace {

class PopulationBasedTraining final : public Scheduler {
  public:
    struct Options {
        double interval;
        double burn_in;
        double quantile;
        bool synch;
    };

    PopulationBasedTraining(std::string time_attribute, Options options, Mutation mutation, std::uint64_t seed)
        : Scheduler{std::move(time_attribute)},
          options_{options},
          mutation_{std::move(mutation)},
          seed_{seed},
          next_meeting_{std::max(options.interval, options.burn_in)} {}

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
        if (options_.synch && !new_trials_wait_ && all_arrived(trial)) {
            perturb_all(next_meeting_);
        }
    }
    void on_trial_restarted(TrialId trial) override {
        Member& member = trials_[trial.value];
        member = Member{.point = std::move(member.point)};
    }

    [[nodiscard]] double milestone(TrialId trial) const override {
        // A trial that began anew has a long way to the others: it does not stop at meetings that are over.
        return options_.synch ? next_meeting_
                              : std::max(options_.burn_in, trials_[trial.value].perturbed + options_.interval);
    }

    void on_trial_paused(TrialId trial) override { paused_.insert(trial); }

    std::optional<TrialId> next_resumed(bool new_trials_wait) override {
        new_trials_wait_ = new_trials_wait;
        if (new_trials_wait) {
            return std::nullopt;  // they have trained least
        }
        const auto least = std::ranges::min_element(paused_, {}, [&](TrialId trial) { return of(trial).trained; });
        if (least == paused_.end() || (options_.synch && of(*least).trained >= next_meeting_)) {
            return std::nullopt;
        }
        return *least;
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
        const auto wanted = static_cast<std::size_t>(std::ceil(static_cast<double>(count) * options_.quantile));
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
        member.point = mutation_(of(source).point, random);
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
        next_meeting_ = std::max(next_meeting_ + options_.interval, longest);
        return exploits;
    }

    Options options_;
    Mutation mutation_;
    std::uint64_t seed_;
    std::uint32_t perturbations_{0};
    std::vector<Member> trials_;
    std::set<TrialId> paused_;
    double next_meeting_;  ///< time at which all trials wait for each other
    bool new_trials_wait_{true};
};

}  // namespace

std::unique_ptr<Scheduler> make_pbt(const SchedulerContext& context) {
    ParameterReader parameters{"scheduler_param", "pbt", context.parameters};
    std::string time_attribute = parameters.text("time_attr", "time_total_s");
    PopulationBasedTraining::Options options{};
    options.interval = parameters.number("perturbation_interval", 60, 0, true);
    options.burn_in = parameters.number("burn_in_period", 0, 0);
    options.quantile = parameters.number_between("quantile_fraction", 0.25, 0, 0.5);
    options.synch = parameters.flag("synch", false);
    Mutation::Options mutation;
    mutation.resample_probability = parameters.number_between("resample_probability", 0.25, 0, 1);
    mutation.factors = parameters.numbers("perturbation_factors", {1.2, 0.8}, 0);
    const nlohmann::json* mutations = parameters.object("hyperparam_mutations");
    static_cast<void>(parameters.flag("require_attrs", true));
    static_cast<void>(parameters.flag("log_config", true));
    parameters.finish();
    require_pausing(context, "pbt");
    return std::make_unique<PopulationBasedTraining>(
        std::move(time_attribute), options,
        Mutation{*context.space, mutations != nullptr ? *mutations : nlohmann::json{}, std::move(mutation), "pbt"},
        context.seed);
}

}  // namespace hpogrid::schedulers
