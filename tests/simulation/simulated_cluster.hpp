#pragma once

#include "tests/simulation/invariants.hpp"
#include "tests/simulation/scenario.hpp"
#include "tests/simulation/simulated_worker.hpp"

#include "engine/study/study.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <vector>

namespace hpogrid::simulation {

/// A whole cluster in virtual time around the real Study: workers of different speed that die and come back, messages
/// that overtake those of other workers, an optimiser that takes its time, a controller that crashes and is rebuilt
/// from what it had recorded. Everything follows from the scenario's seed.
class SimulatedCluster {
  public:
    explicit SimulatedCluster(const Scenario& scenario);

    /// Runs to the end; answers what was violated, if anything.
    [[nodiscard]] std::vector<std::string> run();

    [[nodiscard]] const study::Study& study() const noexcept { return *study_; }
    [[nodiscard]] double now() const noexcept { return now_; }
    /// Starts from a checkpoint.
    [[nodiscard]] std::size_t continuations() const noexcept { return continuations_; }
    [[nodiscard]] std::size_t crashes() const noexcept { return crashes_; }
    [[nodiscard]] std::size_t runs() const noexcept { return runs_; }
    /// Trials that were cut off by the end of a time budget.
    [[nodiscard]] std::size_t cut_off() const noexcept { return cut_off_; }

  private:
    struct Happening {
        double time;
        std::uint64_t number;  ///< order of what happens at the same time
        std::function<void()> what;
        bool operator<(const Happening& other) const noexcept {
            return time != other.time ? time > other.time : number > other.number;
        }
    };

    [[nodiscard]] study::Study make_study() const;
    [[nodiscard]] study::CheckpointLimits quota() const;
    void after(double delay, std::function<void()> what);
    void at(double time, std::function<void()> what);
    void start_worker(WorkerId id);
    void kill_worker(WorkerId id, const SimulatedWorker* expected);
    void crash_controller();
    void resume_study();
    void begin_time_budget();
    void keep_time_budget();
    void stop_for_time();
    void deliver(study::Event event);
    void apply(const study::Event& event);
    void finish_run();
    void act(const study::Action& action);
    void suggest(std::size_t count);
    void sweep_disk();
    void send_to_worker(WorkerId id, std::function<void(SimulatedWorker&)> message);
    [[nodiscard]] double exponential(double mean);

    Scenario scenario_;
    RandomStream random_;
    Invariants invariants_;
    std::unique_ptr<study::Study> study_;
    std::map<WorkerId, std::shared_ptr<SimulatedWorker>> workers_;
    /// Whom the study knows by that number: an order to one that died does not reach its successor.
    std::map<WorkerId, std::weak_ptr<SimulatedWorker>> joined_;
    std::map<WorkerId, double> last_arrival_;  ///< of its messages: they keep their order
    std::priority_queue<Happening> future_;
    std::set<std::string> disk_;  ///< names of checkpoints
    std::vector<std::vector<std::byte>> recorded_;
    std::uint64_t happened_{0};
    std::uint64_t incarnation_{0};  ///< of the controller: what was under way to an earlier one is lost
    std::size_t crashes_{0};
    std::size_t continuations_{0};
    std::size_t suggested_{0};
    std::size_t runs_{1};
    std::size_t cut_off_{0};
    double deadline_{0.0};
    double now_{0.0};
    bool finished_{false};
};

}  // namespace hpogrid::simulation
