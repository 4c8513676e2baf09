#include "launchers/projects/project_store.hpp"

#include "engine/config/printable.hpp"
#include "engine/config/project.hpp"
#include "engine/config/text_file.hpp"
#include "engine/core/error.hpp"
#include "engine/results/file.hpp"
#include "launchers/configurations/store.hpp"
#include "launchers/core/folders.hpp"
#include "launchers/core/name.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <span>
#include <system_error>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
using config::printable_path;
namespace {

constexpr auto config_name = "config/project_config.json";
constexpr const char* sections[] = {"model_config", "search_space", "hpo_config", "grid_config"};

void write_json(const fs::path& file, const nlohmann::json& document) {
    make_folder(file.parent_path());
    const std::string text = file_text(document);
    results::replace_file(file, std::as_bytes(std::span{text}));
}

/// A project that is being made beside its final place; removed unless it is published.
class Draft {
  public:
    Draft(const fs::path& final_folder, const ProjectParts& parts)
        : final_{final_folder}, folder_{unfinished_name(final_folder)} {
        make_folder(folder_);
        if (parts.scripts_path) {
            copy_scripts(*parts.scripts_path, folder_ / "scripts");
        }
        document_["project_name"] = final_folder.filename().string();
        document_["scripts_path"] = "scripts";
        for (const auto& [section, content] : parts.sections) {
            document_[section] = content;
        }
        write_json(folder_ / config_name, document_);
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    ~Draft() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    [[nodiscard]] const fs::path& folder() const noexcept { return folder_; }
    [[nodiscard]] const nlohmann::json& document() const noexcept { return document_; }

    /// As the engine would read it, with messages that name the final place.
    void check() const {
        try {
            static_cast<void>(config::read_project(folder_));
        } catch (const InputError& error) {
            std::string message = error.what();
            const std::string draft = folder_.string();
            for (std::size_t at = message.find(draft); at != std::string::npos; at = message.find(draft)) {
                message.replace(at, draft.size(), final_.string());
            }
            throw InputError{message};
        }
    }

  private:
    fs::path final_;
    fs::path folder_;
    nlohmann::json document_ = nlohmann::json::object();
};

void check_scripts_path(const fs::path& path) {
    if (!is_there(path)) {
        throw InputError{
            fmt::format("--scripts_path {}: no such file or folder{}, allowed: a folder of scripts, or one "
                        "script",
                        printable_path(path), config::nearest_entry(path.parent_path(), path.filename().string()))};
    }
}

void check_complete(const ProjectParts& parts) {
    const auto missing = [](const char* what) {
        return InputError{fmt::format("--{} is missing, allowed: see hpogrid project create --help", what)};
    };
    if (!parts.scripts_path) {
        throw missing("scripts_path");
    }
    for (const char* section : {"model_config", "search_space"}) {
        if (!parts.sections.contains(section)) {
            throw missing(section);
        }
    }
}

}  // namespace

fs::path ProjectStore::folder(const std::string& name) const {
    check_name("project", name);
    return workspace_.projects() / name;
}

fs::path ProjectStore::config_file(const std::string& name) const {
    return folder(name) / config_name;
}

std::vector<std::string> ProjectStore::list(const std::string& pattern) const {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry{workspace_.projects(), error}, end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (::fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) == 0 && is_there(entry->path() / config_name)) {
            names.push_back(name);
        }
    }
    std::ranges::sort(names);
    return names;
}

void ProjectStore::check_exists(const std::string& name) const {
    if (!is_there(config_file(name))) {
        throw InputError{fmt::format("project '{}' does not exist in {}{}, allowed: a name from hpogrid project list",
                                     name, printable_path(workspace_.projects()),
                                     config::nearest_entry(workspace_.projects(), name))};
    }
}

nlohmann::json ProjectStore::read(const std::string& name) const {
    check_exists(name);
    return config::read_project(folder(name)).source;
}

void ProjectStore::create(const std::string& name, const ProjectParts& parts) const {
    if (is_there(folder(name))) {
        throw InputError{
            fmt::format("{}: exists already, allowed: another name, or recreate or update instead of create",
                        printable_path(folder(name)))};
    }
    check_complete(parts);
    check_scripts_path(*parts.scripts_path);
    make_folder(workspace_.projects());
    const Draft draft{folder(name), parts};
    draft.check();
    publish(draft.folder(), folder(name));
}

fs::path ProjectStore::recreate(const std::string& name, const ProjectParts& parts) const {
    check_exists(name);
    check_complete(parts);
    check_scripts_path(*parts.scripts_path);
    const Draft draft{folder(name), parts};
    draft.check();
    fs::path backup = move_to_backup(folder(name));
    publish(draft.folder(), folder(name));
    return backup;
}

std::optional<fs::path> ProjectStore::update(const std::string& name, const ProjectParts& changes) const {
    check_exists(name);
    ProjectParts whole = parts(name);
    for (const auto& [section, content] : changes.sections) {
        whole.sections[section] = content;
    }
    if (changes.scripts_path) {
        check_scripts_path(*changes.scripts_path);
        whole.scripts_path = changes.scripts_path;
    }
    const Draft draft{folder(name), whole};
    draft.check();
    std::optional<fs::path> backup;
    if (changes.scripts_path) {
        backup = move_to_backup(folder(name) / "scripts");
        publish(draft.folder() / "scripts", folder(name) / "scripts");
    }
    write_json(config_file(name), draft.document());
    return backup;
}

fs::path ProjectStore::remove(const std::string& name) const {
    check_exists(name);
    return move_to_backup(folder(name));
}

ProjectParts ProjectStore::parts(const std::string& name) const {
    check_exists(name);
    return parts_of_file(config_file(name));
}

ProjectParts ProjectStore::parts_of_file(const fs::path& file) {
    const config::Project project = config::read_project(file);
    ProjectParts parts{.scripts_path = project.scripts_path, .sections = {}};
    for (const char* section : sections) {
        if (const auto found = project.source.find(section); found != project.source.end()) {
            parts.sections[section] = *found;
        }
    }
    return parts;
}

}  // namespace hpogrid::launchers
