#pragma once

#include "engine/results/snapshot.hpp"
#include "engine/results/table.hpp"

#include <filesystem>

namespace hpogrid::results {

/// Writes results.h5 (schema 1, REFERENCE.md). Whoever opens the path, at any moment and after any crash, finds the old
/// or the new file whole. May be called in any thread. Throws OutputError; the old file stays then.
void write_results_file(const std::filesystem::path& path, const Snapshot& snapshot);
void write_results_file(const std::filesystem::path& path, const ResultsTables& tables);

/// Reads a file of schema 1; columns come in the order of their names. Throws OutputError if it cannot be read, is no
/// HDF5 file or does not follow the schema.
[[nodiscard]] ResultsTables read_results_file(const std::filesystem::path& path);

}  // namespace hpogrid::results
