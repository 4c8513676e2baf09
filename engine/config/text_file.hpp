#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace hpogrid::config {

/// Content of a file that a user wrote, at most 16 MiB. Throws InputError, with the nearest file name of the folder
/// where there is no such file.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& file);

/// Why nothing is found at a path: "no such <what>", or what kept one from looking, as "Permission denied".
[[nodiscard]] std::string why_not_found(const std::filesystem::path& path, std::string_view what);

/// " (did you mean 'x'?)" with the entry of the folder whose name is nearest, or "".
[[nodiscard]] std::string nearest_entry(const std::filesystem::path& folder, const std::string& name);

}  // namespace hpogrid::config
