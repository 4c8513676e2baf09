#include "engine/schedulers/registry.hpp"

#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"
#include "engine/schedulers/asynchyperband.hpp"
#include "engine/schedulers/hyperband.hpp"
#include "engine/schedulers/median_stopping.hpp"
#include "engine/schedulers/none.hpp"
#include "engine/schedulers/pb2.hpp"
#include "engine/schedulers/pbt.hpp"

#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

namespace hpogrid::schedulers {
namespace {

constexpr std::array entries{
    SchedulerEntry{"asynchyperband", "stops trials that are worse than most at the same age (ASHA)",
                   &make_asynchyperband},
    SchedulerEntry{"hyperband", "pauses trials until a group has the same age, then ends the worse ones (HyperBand)",
                   &make_hyperband},
    SchedulerEntry{"bohbhyperband", "HyperBand with many short trials first, as the algorithm bohb wants it",
                   &make_bohbhyperband},
    SchedulerEntry{"median_stopping", "stops trials that are worse than the median of the others at the same age",
                   &make_median_stopping},
    SchedulerEntry{"pbt", "lets bad trials go on with weights and changed hyperparameters of good ones (PBT)",
                   &make_pbt},
    SchedulerEntry{"pb2",
                   "lets bad trials go on with weights of good ones and hyperparameters that a model chooses (PB2)",
                   &make_pb2},
    SchedulerEntry{"none", "every trial runs to its end", &make_none},
};

}  // namespace

std::span<const SchedulerEntry> schedulers() noexcept {
    return entries;
}

void require_pausing(const SchedulerContext& context, std::string_view name) {
    if (!context.can_pause) {
        throw InputError{fmt::format(
            "scheduler '{}' pauses trials (which commands and plug-ins cannot in this version), allowed: a Python "
            "script, a native trainer, or the schedulers asynchyperband, median_stopping and none",
            name)};
    }
}

std::unique_ptr<Scheduler> make_scheduler(std::string_view name, const SchedulerContext& context) {
    std::vector<std::string_view> known;
    for (const SchedulerEntry& entry : entries) {
        if (entry.name == name) {
            return entry.make(context);
        }
        known.push_back(entry.name);
    }
    throw InputError{
        fmt::format("scheduler '{}' is unknown{}, allowed: {}", name, did_you_mean(name, known), join_names(known))};
}

}  // namespace hpogrid::schedulers
