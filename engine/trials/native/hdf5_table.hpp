#pragma once

#include "engine/trials/native/number_table.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace hpogrid::trials {

/// Reads the numbers at `path` ("/": the whole file) of an HDF5 file, in the order of their names.
///
/// A group is a table with a column for each of its datasets: one of shape [row] by its name, one of shape [row][n] as
/// n columns `name_0`, `name_1`, …. A dataset of records (a structured array of NumPy) has a column for each of its
/// numbers. What is no number, and groups within the group, are left out. Throws InputError with file, path and what is
/// allowed: not readable, no such path, no numbers, columns of different lengths.
///
/// Only columns that are `wanted` are read, a bounded number of rows at a time.
[[nodiscard]] NumberTable read_hdf5(
    const std::filesystem::path& file, const std::string& path,
    const std::function<bool(std::string_view)>& wanted = [](std::string_view) { return true; },
    TablePart part = TablePart::numbers);

}  // namespace hpogrid::trials
