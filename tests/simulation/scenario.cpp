#include "tests/simulation/scenario.hpp"

#include <array>

namespace hpogrid::simulation {

std::span<const Scheduling> schedulings() noexcept {
    static constexpr std::array all{
        Scheduling{"none", "{}"},
        Scheduling{"asynchyperband", R"({"max_t": 8, "reduction_factor": 2})"},
        Scheduling{"asynchyperband",
                   R"({"max_t": 8, "reduction_factor": 2, "brackets": 3, "stop_last_trials": false})"},
        Scheduling{"hyperband", R"({"max_t": 8, "reduction_factor": 2})"},
        Scheduling{"hyperband", R"({"max_t": 9, "reduction_factor": 3, "stop_last_trials": false})"},
        Scheduling{"bohbhyperband", R"({"max_t": 8, "reduction_factor": 2})"},
        Scheduling{"median_stopping", R"({"time_attr": "training_iteration", "grace_period": 2})"},
        Scheduling{
            "median_stopping",
            R"({"time_attr": "training_iteration", "grace_period": 1, "min_time_slice": 1, "hard_stop": false})"},
        Scheduling{"pbt", R"({"time_attr": "training_iteration", "perturbation_interval": 2})"},
        Scheduling{"pbt", R"({"time_attr": "training_iteration", "perturbation_interval": 2, "synch": true})"},
        Scheduling{"pb2", R"({"time_attr": "training_iteration", "perturbation_interval": 2})"},
    };
    return all;
}

Scenario random_scenario(std::uint64_t seed) {
    RandomStream random{seed, 0, RandomPurpose::simulation};
    const auto chance = [&](double probability) { return random.uniform() < probability; };
    Scenario s;
    s.seed = seed;
    s.workers = 1 + random.below(12);
    s.slots = static_cast<std::uint32_t>(1 + random.below(4));
    s.trials = 1 + random.below(80);
    s.lookahead = chance(0.5) ? random.below(300) : 0;
    s.max_concurrent = chance(0.2) ? 1 + random.below(8) : 0;
    s.retries = static_cast<std::uint32_t>(random.below(3));
    if (chance(0.5)) {
        s.scheduler = schedulings()[1].scheduler;
        s.scheduler_parameters = schedulings()[1].parameters;
    }
    s.points = chance(0.1) ? random.below(80) : SIZE_MAX;
    s.trial_duration = chance(0.3) ? 1e-4 : 10.0;
    s.slowest = chance(0.4) ? 20.0 : 1.0;
    s.message_delay = chance(0.3) ? 5.0 : 0.01;
    s.suggestion_delay = chance(0.5) ? 2.0 : 0.0;
    s.failure_rate = chance(0.5) ? 0.3 * random.uniform() : 0.0;
    s.nan_rate = chance(0.3) ? 0.3 : 0.0;
    s.worker_lifetime = chance(0.5) ? 20.0 + 100.0 * random.uniform() : 0.0;
    s.rejoin_delay = 10.0;
    s.crash_interval = chance(0.3) ? 30.0 + 100.0 * random.uniform() : 0.0;
    s.stop_at = chance(0.2) ? 100.0 * random.uniform() : 0.0;
    s.duplicate_messages = chance(0.3);
    s.save_rate = chance(0.5) ? 0.3 : 0.0;
    s.save_failure_rate = chance(0.3) ? 0.3 : 0.0;
    s.lost_files_rate = chance(0.3) ? 0.1 : 0.0;
    s.kept_checkpoints = 1 + random.below(4);
    s.kept_bytes = chance(0.5) ? random.below(2000) : UINT64_MAX;
    s.time_budget = chance(0.2) ? 200.0 * random.uniform() : 0.0;
    s.runs = 1 + random.below(4);
    return s;
}

}  // namespace hpogrid::simulation
