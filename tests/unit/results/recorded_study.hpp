#pragma once

#include "engine/results/recorder.hpp"
#include "engine/schedulers/registry.hpp"
#include "engine/study/study.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace hpogrid::results {

/// A study and its recorder, driven by hand: minimises `loss` over what `parameters` list.
class RecordedStudy {
  public:
    explicit RecordedStudy(std::vector<space::Parameter> parameters, std::size_t trials = 10, std::uint32_t retries = 0,
                           study::Mode mode = study::Mode::minimize)
        : RecordedStudy{std::move(parameters), schedulers::make_scheduler("none", {nlohmann::json::object(), 1}),
                        trials, retries, mode} {}
    RecordedStudy(std::vector<space::Parameter> parameters, std::unique_ptr<schedulers::Scheduler> scheduler,
                  std::size_t trials = 10, std::uint32_t retries = 0, study::Mode mode = study::Mode::minimize)
        : study{settings(trials, retries, mode), std::move(scheduler)}, recorder{info(std::move(parameters), mode)} {}

    void apply(const study::Event& event) {
        actions_.clear();
        study.apply(event, actions_);
        recorder.record(event, study);
    }
    void join(std::uint32_t worker, std::uint32_t slots = 1, const std::string& host = "node1",
              const std::string& gpu = "") {
        apply(study::WorkerJoined{WorkerId{worker}, slots, host, gpu, time});
    }
    void suggest(space::Point point, const std::string& origin = "random") {
        apply(study::Suggested{std::move(point), origin});
    }
    void start(std::uint32_t trial, std::uint32_t worker = 1, std::uint32_t attempt = 1) {
        apply(study::TrialStarted{TrialId{trial}, attempt, WorkerId{worker}, SlotId{0}, time += 1.0});
    }
    void report(std::uint32_t trial, study::Metrics metrics, double iteration = 1, std::uint32_t attempt = 1) {
        apply(study::TrialReported{TrialId{trial}, attempt, {iteration, time += 1.0, std::move(metrics)}});
    }
    void save(std::uint32_t trial, double iteration, std::uint32_t attempt = 1) {
        apply(study::CheckpointSaved{{TrialId{trial}, attempt, ++saved_, iteration, 1}});
    }
    void end(std::uint32_t trial, study::Outcome outcome = study::Outcome::completed, const std::string& error = "",
             std::uint32_t attempt = 1) {
        apply(study::TrialEnded{TrialId{trial}, attempt, outcome, error, "trial.log", time += 1.0});
    }
    /// A whole trial of the next id.
    void evaluate(space::Point point, double loss) {
        const auto id = static_cast<std::uint32_t>(study.trials().size());
        suggest(std::move(point));
        start(id);
        report(id, {{"loss", loss}});
        end(id);
    }
    [[nodiscard]] Snapshot snapshot(RunStatus status = RunStatus::running) {
        return recorder.snapshot(study, status, time);
    }

    double time{1000.0};
    study::Study study;
    Recorder recorder;

  private:
    static study::Settings settings(std::size_t trials, std::uint32_t retries, study::Mode mode) {
        study::Settings settings;
        settings.metric = "loss";
        settings.mode = mode;
        settings.num_trials = trials;
        settings.retries = retries;
        return settings;
    }
    static RunInfo info(std::vector<space::Parameter> parameters, study::Mode mode) {
        return {.project_name = "digits",
                .engine_version = "0.1.0",
                .metric = "loss",
                .mode = mode,
                .extra_metrics = {"accuracy"},
                .algorithm = "random",
                .scheduler = "asynchyperband",
                .seed = 18446744073709551615U,
                .num_trials = 12,
                .config = R"({"project_name": "digits"})",
                .parameters = std::move(parameters),
                .started = 990.0};
    }

    std::uint32_t saved_{0};
    std::vector<study::Action> actions_;
};

[[nodiscard]] inline std::vector<space::Parameter> one_real() {
    return {{"lr", space::Uniform{0, 1}, {}}};
}

[[nodiscard]] inline space::Parameter categorical(std::string name, std::vector<nlohmann::json> categories) {
    return {std::move(name), space::Categorical{std::move(categories)}, {}};
}

}  // namespace hpogrid::results
