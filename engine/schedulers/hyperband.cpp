#include "engine/schedulers/hyperband.hpp"

#include "engine/core/error.hpp"
#include "engine/core/parameter_reader.hpp"
#include "engine/schedulers/halving_bracket.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>

namespace hpogrid::schedulers {
namespace {

using Member = HalvingBracket::Member;

class HyperBand final : public Scheduler {
  public:
    struct Options {
        double max_t;
        double factor;
        bool stop_last_trials;
        bool largest_first;
    };

    HyperBand(std::string time_attribute, Options options)
        : Scheduler{std::move(time_attribute)},
          options_{options},
          brackets_in_band_{static_cast<std::size_t>(std::round(std::log(options.max_t) / std::log(options.factor))) +
                            1} {}

    void on_trial_added(TrialId trial, const space::Point&) override {
        if (brackets_.empty() || brackets_.back().full()) {
            brackets_.emplace_back(next_shape());
        }
        brackets_.back().add(trial);
        bracket_of_.resize(trial.value + 1, 0);
        bracket_of_[trial.value] = brackets_.size() - 1;
    }

    Decision on_report(const Progress& progress) override {
        HalvingBracket& bracket = bracket_of(progress.trial);
        Member* member = bracket.find(progress.trial);
        if (member == nullptr || std::isnan(progress.time)) {
            return Decision::proceed;
        }
        member->time = progress.time;
        member->score = progress.score;
        if (goes_on(bracket, *member)) {
            return Decision::proceed;
        }
        if (bracket.last_round()) {
            bracket.remove(progress.trial);
            return Decision::complete;
        }
        if (!bracket.full()) {
            return Decision::pause;
        }
        return process(bracket, progress.trial);
    }

    void on_trial_completed(const Progress& progress) override { on_trial_removed(progress.trial); }

    void on_trial_removed(TrialId trial) override {
        HalvingBracket& bracket = bracket_of(trial);
        bracket.remove(trial);
        if (bracket.full()) {
            process(bracket);
        }
    }

    void on_trial_restarted(TrialId trial) override {
        if (Member* member = bracket_of(trial).find(trial)) {
            *member = {.trial = trial};
        }
    }

    [[nodiscard]] double milestone(TrialId trial) const override {
        const HalvingBracket& bracket = brackets_[bracket_of_[trial.value]];
        return bracket.last_round() && !options_.stop_last_trials ? never : bracket.milestone();
    }

    void on_trial_paused(TrialId trial) override {
        if (Member* member = bracket_of(trial).find(trial)) {
            member->paused = true;
            make_ready(*member);
        }
    }

    std::optional<TrialId> next_resumed(const Vacancy& vacancy) override {
        std::erase_if(ready_, [&](TrialId trial) {
            const Member* member = bracket_of(trial).find(trial);
            return member == nullptr || !member->paused || !member->released;
        });
        const auto first = std::ranges::find_if(ready_, vacancy.has_time_for);
        return first == ready_.end() ? std::nullopt : std::optional{*first};
    }

    [[nodiscard]] bool resumes_first() const override { return true; }

    void on_trial_resumed(TrialId trial) override {
        if (Member* member = bracket_of(trial).find(trial)) {
            member->paused = false;
            member->released = false;
        }
    }

    void on_stall() override {
        for (HalvingBracket& bracket : brackets_) {
            process(bracket);
        }
    }

  private:
    HalvingBracket& bracket_of(TrialId trial) { return brackets_[bracket_of_[trial.value]]; }

    [[nodiscard]] bool goes_on(const HalvingBracket& bracket, const Member& member) const {
        return (bracket.last_round() && !options_.stop_last_trials) || member.time < bracket.milestone();
    }

    /// Halves the bracket as often as its trials allow. Answers what becomes of `reporter`, which is running; the
    /// others are paused.
    Decision process(HalvingBracket& bracket, std::optional<TrialId> reporter = std::nullopt) {
        Decision decision = Decision::pause;
        const auto end = [&](TrialId trial, Decision how) {
            if (trial == reporter) {
                decision = how;
            } else {
                give(EndPaused{trial, how});
            }
        };
        bool halved = false;
        while (bracket.all_arrived() && !bracket.last_round()) {
            halved = true;
            for (const Member& loser : bracket.halve()) {
                end(loser.trial, Decision::stop);
            }
        }
        if (bracket.last_round() && options_.stop_last_trials) {
            // Ahead of the last milestone already: nothing is left to be done for them.
            for (const Member& member : std::vector<Member>{bracket.members()}) {
                if (member.time >= bracket.milestone()) {
                    end(member.trial, Decision::complete);
                    bracket.remove(member.trial);
                }
            }
        }
        for (Member& member : bracket.members()) {
            if (member.trial == reporter) {
                decision = goes_on(bracket, member) ? Decision::proceed : Decision::pause;
            } else if (halved && goes_on(bracket, member)) {
                release(member);
            }
        }
        return decision;
    }

    void release(Member& member) {
        if (!member.released) {
            member.released = true;
            make_ready(member);
        }
    }

    void make_ready(const Member& member) {
        if (member.paused && member.released) {
            ready_.push_back(member.trial);
        }
    }

    HalvingBracket::Shape next_shape() {
        while (true) {
            const std::size_t place = next_bracket_++ % brackets_in_band_;
            const std::size_t s = options_.largest_first ? brackets_in_band_ - 1 - place : place;
            const auto power = static_cast<double>(s);
            const double share = static_cast<double>(brackets_in_band_) / (power + 1.0);
            const double milestone = std::trunc(options_.max_t * std::pow(options_.factor, -power));
            // Bracket 0 always qualifies; a larger one may begin before time 1.
            if (milestone > 0.0) {
                return {.size = static_cast<std::size_t>(std::ceil(share * std::pow(options_.factor, power))),
                        .milestone = milestone,
                        .max_t = options_.max_t,
                        .factor = options_.factor,
                        .halvings = s};
            }
        }
    }

    Options options_;
    std::size_t brackets_in_band_;
    std::size_t next_bracket_{0};
    std::deque<HalvingBracket> brackets_;
    std::vector<std::size_t> bracket_of_;  ///< by trial
    std::deque<TrialId> ready_;            ///< paused, may go on; may hold trials that have ended or gone on since
};

std::unique_ptr<Scheduler> make(const SchedulerContext& context, std::string_view name, bool largest_first) {
    ParameterReader parameters{"scheduler_param", name, context.parameters};
    std::string time_attribute = parameters.text("time_attr", "training_iteration");
    HyperBand::Options options{};
    options.max_t = parameters.number("max_t", 81, 1);
    options.factor = parameters.number("reduction_factor", 3, 1, true);
    options.stop_last_trials = parameters.flag("stop_last_trials", true);
    options.largest_first = largest_first;
    parameters.finish();
    require_pausing(context, name);
    return std::make_unique<HyperBand>(std::move(time_attribute), options);
}

}  // namespace

std::unique_ptr<Scheduler> make_hyperband(const SchedulerContext& context) {
    return make(context, "hyperband", false);
}

std::unique_ptr<Scheduler> make_bohbhyperband(const SchedulerContext& context) {
    return make(context, "bohbhyperband", true);
}

}  // namespace hpogrid::schedulers
