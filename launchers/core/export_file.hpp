#pragma once

#include <filesystem>
#include <string_view>

namespace hpogrid::launchers {

/// Writes a file that a user asked for, whole or not at all. Throws InputError where there is one of this name already
/// and `overwrite` is not said, OutputError where it cannot be written.
void write_export(const std::filesystem::path& target, std::string_view text, bool overwrite);

}  // namespace hpogrid::launchers
