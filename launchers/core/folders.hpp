#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// The moment as names carry it: "20261124213005", UTC.
[[nodiscard]] std::string timestamp();

/// Whether there is anything of this name, a broken link too.
[[nodiscard]] bool is_there(const std::filesystem::path& path);

/// The files of this name in the folders of a folder, in the order of these.
[[nodiscard]] std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder,
                                                             const std::string& name);

/// Creates the folder and those above it. Throws OutputError.
void make_folder(const std::filesystem::path& folder);

/// Creates `<parent>/<timestamp>`, or `<timestamp>_2` and so on where that is taken, and answers it. Throws
/// OutputError.
[[nodiscard]] std::filesystem::path make_dated_folder(const std::filesystem::path& parent);

/// Moves a file or folder to `backup/<stem>_<timestamp><extension>` beside it and answers where that is.
/// Throws OutputError.
[[nodiscard]] std::filesystem::path move_to_backup(const std::filesystem::path& path);

/// Name for something that is not finished yet, beside `path`; a dot hides it from listings.
[[nodiscard]] std::filesystem::path unfinished_name(const std::filesystem::path& path);

/// Gives `unfinished` the name `path`, where nothing may be yet. Throws OutputError.
void publish(const std::filesystem::path& unfinished, const std::filesystem::path& path);

/// Copies a file, or what is in a folder, into the folder `target`, which comes to be. Version control and caches of
/// Python stay behind; links are followed. Throws InputError if it is more than `most_bytes` or a link leads nowhere,
/// OutputError if it cannot be copied.
void copy_scripts(const std::filesystem::path& source, const std::filesystem::path& target,
                  std::uintmax_t most_bytes = std::uintmax_t{256} << 20U);

}  // namespace hpogrid::launchers
