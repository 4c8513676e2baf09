#pragma once

#include "engine/trials/native/number_table.hpp"

#include <filesystem>

namespace hpogrid::trials {

/// Reads comma-separated numbers; the first line names the columns. Throws InputError with file, line and what is
/// allowed: no such file, an empty or repeated name, a line with more or fewer fields, a field that is no number.
[[nodiscard]] NumberTable read_csv(const std::filesystem::path& file);

}  // namespace hpogrid::trials
