#pragma once

#include "engine/core/random.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace hpogrid::simulation {

/// What a simulated run is made of. Times in virtual seconds.
struct Scenario {
    std::uint64_t seed{0};
    std::size_t workers{4};
    std::uint32_t slots{1};
    std::size_t trials{40};
    std::size_t lookahead{0};
    std::size_t max_concurrent{0};
    std::uint32_t retries{0};
    const char* scheduler{"none"};
    const char* scheduler_parameters{"{}"};
    std::size_t points{SIZE_MAX};   ///< of the search space: the optimiser is exhausted after so many suggestions
    double trial_duration{10.0};    ///< mean
    bool steady{false};             ///< all trials are equally long and fast, with steady_reports
    double slowest{1.0};            ///< a worker's speed is uniform in [1, slowest] times the duration
    double message_delay{0.01};     ///< most
    double suggestion_delay{0.0};   ///< most
    double failure_rate{0.0};       ///< of an attempt
    double nan_rate{0.0};           ///< of a report
    double save_rate{0.0};          ///< of a report: the trial saves a checkpoint without being asked
    double save_failure_rate{0.0};  ///< of a report that reaches a milestone: the trial cannot save itself
    double lost_files_rate{0.0};    ///< of a start from a checkpoint: its files are not there
    std::size_t kept_checkpoints{1};
    std::uint64_t kept_bytes{UINT64_MAX};  ///< of checkpoints, each of which has up to 1000
    double worker_lifetime{0.0};           ///< mean, 0 = for ever
    double rejoin_delay{0.0};              ///< 0 = a dead worker stays dead
    double crash_interval{0.0};            ///< mean time between crashes of the controller, 0 = never
    double stop_at{0.0};                   ///< when the study is asked to stop, 0 = never
    double time_budget{0.0};               ///< of each run of the study, 0 = none
    std::size_t runs{1};                   ///< that end with their time budget: the study is resumed in between
    bool duplicate_messages{false};

    static constexpr std::uint64_t steady_reports = 12;
};

/// A random mixture of everything that can happen, the same for the same seed.
[[nodiscard]] Scenario random_scenario(std::uint64_t seed);

/// The ways to schedule that simulations try: every scheduler, with parameters that make it decide often.
struct Scheduling {
    const char* scheduler;
    const char* parameters;
};
[[nodiscard]] std::span<const Scheduling> schedulings() noexcept;

}  // namespace hpogrid::simulation
