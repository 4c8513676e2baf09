#pragma once

#include "engine/schedulers/registry.hpp"
#include "engine/study/study.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace hpogrid::study {

/// A study and its last actions, driven by hand.
class StudyDriver {
  public:
    explicit StudyDriver(Settings settings, const char* scheduler = "none",
                         const nlohmann::json& parameters = nlohmann::json::object())
        : study{std::move(settings), schedulers::make_scheduler(scheduler, {parameters, 1})} {}

    const std::vector<Action>& apply(const Event& event) {
        actions.clear();
        study.apply(event, actions);
        return actions;
    }
    void join(std::uint32_t worker, std::uint32_t slots = 1) {
        apply(WorkerJoined{WorkerId{worker}, slots, "node", "", time});
    }
    void suggest(std::size_t count = 1) {
        for (std::size_t i = 0; i < count; ++i) {
            apply(Suggested{{space::Value{0.5}}, "random"});
        }
    }
    void start(std::uint32_t trial, std::uint32_t worker, std::uint32_t attempt = 1) {
        apply(TrialStarted{TrialId{trial}, attempt, WorkerId{worker}, SlotId{0}, time += 1.0});
    }
    void report(std::uint32_t trial, double loss, double iteration = 1, std::uint32_t attempt = 1) {
        report_metrics(trial, {{"loss", loss}, {"training_iteration", iteration}}, iteration, attempt);
    }
    void report_metrics(std::uint32_t trial, Metrics metrics, double iteration = 1, std::uint32_t attempt = 1) {
        apply(TrialReported{TrialId{trial}, attempt, {iteration, time += 1.0, std::move(metrics)}});
    }
    void end(std::uint32_t trial, Outcome outcome = Outcome::completed, std::uint32_t attempt = 1,
             std::string error = "") {
        apply(TrialEnded{TrialId{trial}, attempt, outcome, std::move(error), "", time += 1.0});
    }
    void lose(std::uint32_t worker) { apply(WorkerLost{WorkerId{worker}, "died", time += 1.0}); }

    template <class Wanted>
    [[nodiscard]] std::vector<Wanted> all() const {
        std::vector<Wanted> found;
        for (const Action& action : actions) {
            if (const auto* wanted = std::get_if<Wanted>(&action)) {
                found.push_back(*wanted);
            }
        }
        return found;
    }
    [[nodiscard]] std::vector<optimizers::Observation::Kind> tells() const {
        std::vector<optimizers::Observation::Kind> kinds;
        for (const TellOptimizer& tell : all<TellOptimizer>()) {
            kinds.push_back(tell.observation.kind);
        }
        return kinds;
    }
    [[nodiscard]] const Trial& trial(std::uint32_t id) const { return study.trial(TrialId{id}); }
    [[nodiscard]] TrialState state(std::uint32_t id) const { return trial(id).state; }

    Study study;
    std::vector<Action> actions;
    double time{100.0};
};

[[nodiscard]] inline Settings minimise_loss(std::size_t trials) {
    Settings settings;
    settings.metric = "loss";
    settings.mode = Mode::minimize;
    settings.num_trials = trials;
    return settings;
}

}  // namespace hpogrid::study
