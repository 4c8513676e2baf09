#pragma once

#include "engine/trials/native/number_table.hpp"

#include <filesystem>

namespace hpogrid::trials {

/// Reads comma-separated numbers; the first line names the columns. Throws InputError with file, line and what is
/// allowed: no such file, an empty or repeated name, a line with more or fewer fields, a field that is no number. An
/// outline is the first line.
[[nodiscard]] NumberTable read_csv(const std::filesystem::path& file, TablePart part = TablePart::numbers);

}  // namespace hpogrid::trials
