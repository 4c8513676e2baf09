#pragma once

#include "engine/results/snapshot.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace hpogrid::results {

/// PanDA refuses larger userJobMetadata.json.
inline constexpr std::size_t metadata_limit = 1U << 20;

/// Text of userJobMetadata.json in the original's format (REFERENCE.md), always shorter than `limit` bytes: where not
/// all results fit, the best ones stay and `results_omitted` counts the others. Numbers that are not finite become
/// null.
[[nodiscard]] std::string metadata_text(const Snapshot& snapshot, std::size_t limit = metadata_limit);

/// Writes it beside and renames it. Throws OutputError; the old file stays then.
void write_metadata(const std::filesystem::path& path, const Snapshot& snapshot);

}  // namespace hpogrid::results
