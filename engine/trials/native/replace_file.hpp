#pragma once

#include <filesystem>
#include <string_view>

namespace hpogrid::trials {

/// Writes a file beside, then renames it in place of an earlier one: whoever opens it finds all of one of them. Throws
/// OutputError.
void replace_file(const std::filesystem::path& file, std::string_view contents);

}  // namespace hpogrid::trials
