#pragma once

#include "engine/schedulers/scheduler.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace hpogrid::schedulers {

/// What a scheduler is made of.
struct SchedulerContext {
    const nlohmann::json& parameters;  ///< `scheduler_param`, checked by the factory: unknown keys are refused
    std::uint64_t seed{0};
};

/// One scheduler that users can name.
struct SchedulerEntry {
    std::string_view name;
    std::string_view summary;  ///< one line for --describe
    std::unique_ptr<Scheduler> (*make)(const SchedulerContext&);
};

[[nodiscard]] std::span<const SchedulerEntry> schedulers() noexcept;
/// Throws InputError naming the known ones (and the nearest) for an unknown name.
[[nodiscard]] std::unique_ptr<Scheduler> make_scheduler(std::string_view name, const SchedulerContext& context);

}  // namespace hpogrid::schedulers
