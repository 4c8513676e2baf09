#pragma once

#include "engine/core/ids.hpp"
#include "engine/core/random.hpp"
#include "engine/study/action.hpp"
#include "engine/study/event.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace hpogrid::simulation {

/// How a simulated worker sees the world: a clock, something that calls it back, and a way to talk to the controller.
struct WorkerSurroundings {
    std::function<double()> now;
    std::function<void(double delay, std::function<void()>)> after;
    std::function<void(study::Event)> send;
    /// Writes a checkpoint to the disk that all workers see.
    std::function<void(const study::Checkpoint&)> write;
    std::function<bool(const study::Checkpoint&)> is_there;
    std::function<void(std::string)> violate;
};

/// Evaluates trials in virtual time, as a real worker does: orders wait for a free slot, attempts go on from their
/// checkpoint, report, save themselves, wait at their milestone and end; a stop ends them sooner.
class SimulatedWorker {
  public:
    struct Behaviour {
        double duration{10.0};  ///< mean of a trial on this worker
        double failure_rate{0.0};
        double nan_rate{0.0};
        double save_rate{0.0};
        double save_failure_rate{0.0};
        double lost_files_rate{0.0};
        std::uint64_t seed{0};  ///< of the lengths of trials
        bool steady{false};     ///< all trials are equally long and fast
    };

    SimulatedWorker(WorkerId id, std::uint32_t slots, Behaviour behaviour, RandomStream random,
                    WorkerSurroundings surroundings);

    void order(const study::StartTrial& start);
    void proceed(const study::ProceedTrial& proceed);
    void stop(TrialId trial, std::uint32_t attempt);
    /// The attempt saves itself with its next report, and ends.
    void leave(TrialId trial, std::uint32_t attempt);
    void cancel_all();
    [[nodiscard]] bool busy() const noexcept { return !running_.empty(); }
    /// Whatever was to happen later does not.
    void die() noexcept { alive_ = false; }
    [[nodiscard]] bool alive() const noexcept { return alive_; }

  private:
    struct Attempt {
        TrialId trial;
        std::uint32_t attempt;
        double last_iteration;  ///< the trial has come to its own end then
        double step;
        double iteration{0.0};
        double milestone{schedulers::Scheduler::never};
        std::uint32_t saved{0};
        bool waits{false};
        bool stopped{false};
        bool leaving{false};
    };
    void report(const Attempt& attempt, double loss);
    void save(Attempt& attempt);
    void start_waiting();
    void step_later(std::uint32_t slot);
    void step(std::uint32_t slot);
    void end(std::uint32_t slot, study::Outcome outcome);

    WorkerId id_;
    std::uint32_t slots_;
    Behaviour behaviour_;
    RandomStream random_;
    WorkerSurroundings surroundings_;
    bool alive_{true};
    std::deque<study::StartTrial> waiting_;
    std::map<std::uint32_t, Attempt> running_;  ///< by slot
};

}  // namespace hpogrid::simulation
