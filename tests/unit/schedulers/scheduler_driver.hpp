#pragma once

#include "engine/schedulers/registry.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace hpogrid::schedulers {

/// A scheduler driven by hand. Scores are minimised here; Ray's cases are written with the negated, maximised metric.
class SchedulerDriver {
  public:
    SchedulerDriver(const char* name, const nlohmann::json& parameters, std::uint32_t trials)
        : scheduler{make_scheduler(name, {.parameters = parameters, .seed = 1})} {
        add(trials);
    }

    void add(std::uint32_t count) {
        for (std::uint32_t i = 0; i < count; ++i) {
            scheduler->on_trial_added(TrialId{trials_++}, {space::Value{0.5}});
        }
    }
    Decision report(std::uint32_t trial, double time, double score, bool new_trials_wait = true) {
        return scheduler->on_report({TrialId{trial}, time, score, new_trials_wait});
    }
    /// A report after which the trial must have been paused, and is.
    bool report_and_pause(std::uint32_t trial, double time, double score) {
        const bool pauses = report(trial, time, score) == Decision::pause;
        scheduler->on_trial_paused(TrialId{trial});
        return pauses;
    }
    /// Trials that were ended while they were paused, as "3 stop".
    std::vector<std::string> ended() {
        std::vector<std::string> found;
        for (const Order& order : scheduler->take_orders()) {
            const auto& end = std::get<EndPaused>(order);
            found.push_back(std::to_string(end.trial.value) + (end.how == Decision::stop ? " stop" : " complete"));
        }
        return found;
    }
    std::vector<std::uint32_t> resumed(bool new_trials_wait = false) {
        std::vector<std::uint32_t> found;
        while (const auto next = scheduler->next_resumed({.new_trials_wait = new_trials_wait})) {
            found.push_back(next->value);
            scheduler->on_trial_resumed(*next);
        }
        return found;
    }

    std::unique_ptr<Scheduler> scheduler;

  private:
    std::uint32_t trials_{0};
};

}  // namespace hpogrid::schedulers
