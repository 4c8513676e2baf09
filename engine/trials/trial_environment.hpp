#pragma once

#include "engine/core/ids.hpp"
#include "engine/trials/evaluator.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::trials {

/// Variables by name.
using Environment = std::map<std::string, std::string, std::less<>>;

/// Whether a variable belongs to the worker's own MPI run or batch step: a trial that sees it would take itself for a
/// rank of the run.
[[nodiscard]] bool is_of_mpi(std::string_view variable) noexcept;
/// The environment of this process without is_of_mpi() and without an attempt's marker.
[[nodiscard]] Environment inherited_environment();
/// What a process of a slot gets before it knows its trial: GPU, thread counts, data and work folder, PYTHONUNBUFFERED.
[[nodiscard]] Environment slot_environment(const Surroundings& surroundings, SlotId slot);
/// slot_environment() and what belongs to the attempt: HPOGRID_TRIAL_DIR, HPOGRID_TRIAL_ID, HPOGRID_ATTEMPT,
/// HPOGRID_SEED, HPOGRID_CHECKPOINT (if there is one), HPOGRID_METRIC (if known), HPOGRID_CHECKPOINTS (where they are
/// saved), HPOGRID_TIME_ATTRIBUTE, and the marker HPOGRID_TRIAL.
[[nodiscard]] Environment attempt_environment(const Surroundings& surroundings, SlotId slot, const TrialOrder& order,
                                              const std::filesystem::path& folder, const std::string& token);
/// Entries NAME=value of `base` with `changes` on top.
[[nodiscard]] std::vector<std::string> entries(Environment base, const Environment& changes);
/// A marker that no other attempt on this machine has.
[[nodiscard]] std::string make_token();

}  // namespace hpogrid::trials
