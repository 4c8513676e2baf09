#include "engine/config/project_place.hpp"

#include "engine/config/printable.hpp"
#include "engine/config/rules.hpp"
#include "engine/config/text_file.hpp"
#include "engine/core/environment.hpp"
#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <array>
#include <system_error>

namespace hpogrid::config {
namespace fs = std::filesystem;
namespace {

constexpr std::array<const char*, 4> names_in_folder{"config/project_config.json", "config/config.json",
                                                     "project_config.json", "config.json"};

bool is_folder(const fs::path& path) {
    std::error_code error;
    return fs::is_directory(path, error);
}

bool is_there(const fs::path& path) {
    std::error_code error;
    // A file that cannot be looked at is reported when it is read.
    return fs::symlink_status(path, error).type() != fs::file_type::not_found;
}

fs::path whole_path(const fs::path& path) {
    return fs::absolute(path).lexically_normal();
}

ProjectPlace find_in_folder(const fs::path& folder) {
    for (const char* name : names_in_folder) {
        if (is_there(folder / name)) {
            return {folder / name, folder, is_folder(folder / "scripts")};
        }
    }
    throw InputError{
        fmt::format("{}: this folder holds no project, allowed: one with config/project_config.json, "
                    "config/config.json, project_config.json or config.json",
                    printable_path(folder))};
}

fs::path projects_folder() {
    return fs::path{environment_variable("HPOGRID_BASE_PATH", ".")} / "projects";
}

}  // namespace

ProjectPlace place_of_file(const fs::path& file) {
    const fs::path folder = whole_path(file).parent_path();
    if (folder.filename() == "config" && is_folder(folder.parent_path() / "scripts")) {
        return {file, folder.parent_path(), true};
    }
    return {file, folder, false};
}

ProjectPlace find_project(const fs::path& project) {
    if (project.empty()) {
        throw InputError{"the project's name is empty, allowed: a project folder, a project's name or a JSON file"};
    }
    if (is_folder(project)) {
        return find_in_folder(project);
    }
    const bool is_name = !project.has_parent_path() && project.extension() != ".json";
    if (is_there(project) || !is_name) {
        return place_of_file(project);
    }
    const fs::path folder = projects_folder() / project;
    if (!is_folder(folder)) {
        const std::string hint = nearest_entry(projects_folder(), project.string());
        throw InputError{
            fmt::format("{}: no such folder or file, and no project in {}{}, allowed: a project folder, "
                        "a project's name or a JSON file",
                        printable_path(project), printable_path(projects_folder()),
                        hint.empty() ? nearest_entry(".", project.string()) : hint)};
    }
    return find_in_folder(folder);
}

fs::path resolve_scripts_path(const Located& project, const ProjectPlace& place) {
    const fs::path root = whole_path(place.root);
    const fs::path scripts = root / "scripts";
    if (!project.json().contains("scripts_path")) {
        return place.has_scripts_folder ? scripts : root;
    }
    const Located value = project.member("scripts_path");
    const std::string written = TextRule{}(value);
    const fs::path path = (root / written).lexically_normal();
    // Absolute paths are of the machine where the project was made: its own copy goes first.
    if (place.has_scripts_folder && (fs::path{written}.is_absolute() || !is_there(path))) {
        return scripts;
    }
    std::error_code error;
    if (fs::is_regular_file(path, error)) {
        return path.parent_path();
    }
    if (!is_folder(path)) {
        const bool has_variable = written.find('$') != std::string::npos || written.starts_with('~');
        throw value.refusal(fmt::format("{} from {}{}", why_not_found(path, "folder"), printable_path(root),
                                        has_variable ? "; variables are not expanded" : ""),
                            "a folder, or a script in it");
    }
    return path.has_filename() ? path : path.parent_path();
}

}  // namespace hpogrid::config
