#pragma once

#include "engine/config/located.hpp"

#include <filesystem>

namespace hpogrid::config {

/// Where a project's JSON lies, and the folder at which its relative paths start.
struct ProjectPlace {
    std::filesystem::path file;
    std::filesystem::path root;
    /// A folder of the seed's form, whose `scripts` are the project's wherever `scripts_path` leads nowhere.
    bool has_scripts_folder{false};
};

/// Finds what `PROJECT_DIR | PROJECT_NAME | CONFIG.json` means. Throws InputError.
[[nodiscard]] ProjectPlace find_project(const std::filesystem::path& project);

/// The place of a file that was named itself.
[[nodiscard]] ProjectPlace place_of_file(const std::filesystem::path& file);

/// Absolute folder of the scripts. `project`: the whole document. Throws InputError if there is no such folder.
[[nodiscard]] std::filesystem::path resolve_scripts_path(const Located& project, const ProjectPlace& place);

}  // namespace hpogrid::config
