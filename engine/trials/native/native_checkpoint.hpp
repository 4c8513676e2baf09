#pragma once

#include "engine/core/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace hpogrid::trials {

/// What a native trial goes on from.
struct NativeCheckpoint {
    TrialId trial;                         ///< that saved it
    int iteration{0};                      ///< of its last report
    double time_total{0.0};                ///< seconds that it had trained, earlier attempts included
    std::optional<double> best_objective;  ///< of the model that is written in the trial's folder
    std::vector<std::byte> state;          ///< see NativeModel::save()
};

/// Writes `slot_state.bin` and `hpogrid_metadata.json` into `folder`, which is there whole or not at all, even if the
/// power fails; answers the bytes that it takes. Throws OutputError.
std::uint64_t save_checkpoint(const std::filesystem::path& folder, const NativeCheckpoint& checkpoint);

/// Throws InputError for what save_checkpoint() has not written.
[[nodiscard]] NativeCheckpoint load_checkpoint(const std::filesystem::path& folder);

/// Makes a file's content, or the names in a folder, survive a power cut. Throws OutputError.
void flush_to_disk(const std::filesystem::path& path);

}  // namespace hpogrid::trials
