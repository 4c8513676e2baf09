#pragma once

#include "engine/schedulers/scheduler.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace hpogrid::space {
class Space;
}

namespace hpogrid::schedulers {

/// What a scheduler is made of.
struct SchedulerContext {
    const nlohmann::json& parameters;  ///< `scheduler_param`, checked by the factory: unknown keys are refused
    std::uint64_t seed{0};
    const space::Space* space{nullptr};  ///< of the trials' points; needed by schedulers that change hyperparameters
    bool can_pause{true};                ///< whether trials can save themselves and go on later
    bool keeps_checkpoints{true};        ///< whether the best trials' checkpoints are to stay when they have ended
};

/// One scheduler that users can name.
struct SchedulerEntry {
    std::string_view name;
    std::string_view summary;  ///< one line for --describe
    std::unique_ptr<Scheduler> (*make)(const SchedulerContext&);
};

[[nodiscard]] std::span<const SchedulerEntry> schedulers() noexcept;
/// Throws InputError when trials cannot pause: for factories of schedulers that cannot do without.
void require_pausing(const SchedulerContext& context, std::string_view name);

/// Throws InputError naming the known ones (and the nearest) for an unknown name.
[[nodiscard]] std::unique_ptr<Scheduler> make_scheduler(std::string_view name, const SchedulerContext& context);

}  // namespace hpogrid::schedulers
