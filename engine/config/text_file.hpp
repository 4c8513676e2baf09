#pragma once

#include <filesystem>
#include <string>

namespace hpogrid::config {

/// Content of a file that a user wrote, at most 16 MiB. Throws InputError, with the nearest file name of the folder
/// where there is no such file.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& file);

/// " (did you mean 'x'?)" with the entry of the folder whose name is nearest, or "".
[[nodiscard]] std::string nearest_entry(const std::filesystem::path& folder, const std::string& name);

}  // namespace hpogrid::config
