#pragma once

#include "engine/core/ids.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace hpogrid::study {

/// What a trial saved of its state. Trial, attempt and number name it.
struct Checkpoint {
    TrialId trial;  ///< that saved it; another one may go on from it
    std::uint32_t attempt{1};
    std::uint32_t number{1};  ///< counted from 1 in the attempt
    double iteration{0.0};    ///< `training_iteration` of the report that it belongs to
    std::uint64_t bytes{0};

    friend auto operator<=>(const Checkpoint&, const Checkpoint&) = default;
};

/// Name of its folder below the folder of all checkpoints of the study: `000007_1_3` (trial, attempt, number). The
/// script's side makes it (engine/python/hpogrid/_engine/trial.py).
[[nodiscard]] std::string folder_name(const Checkpoint& checkpoint);

/// Ends the name of a folder that is being made.
inline constexpr std::string_view unfinished_suffix = ".unfinished";

/// Whether this is the name of some checkpoint's folder, or of one that was not finished (`….unfinished`).
[[nodiscard]] bool is_checkpoint_name(std::string_view name);

}  // namespace hpogrid::study
