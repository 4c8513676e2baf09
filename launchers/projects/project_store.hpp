#pragma once

#include "launchers/core/workspace.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// What a project is made of.
struct ProjectParts {
    std::optional<std::filesystem::path> scripts_path;  ///< a folder, or one script
    std::map<std::string, nlohmann::json> sections;     ///< "hpo_config", … with their content
};

/// The projects of a workspace, in the seed's form: `projects/<name>/config/project_config.json` and
/// `projects/<name>/scripts/`, a copy of the scripts. A new project is checked as the engine would check it before it
/// appears under its name, whole. What is replaced or removed lies in `projects/backup`. Everything throws InputError
/// for what the user can mend, OutputError for what cannot be written.
class ProjectStore {
  public:
    explicit ProjectStore(Workspace workspace) : workspace_{std::move(workspace)} {}

    [[nodiscard]] std::filesystem::path folder(const std::string& name) const;
    [[nodiscard]] std::filesystem::path config_file(const std::string& name) const;
    [[nodiscard]] std::vector<std::string> list(const std::string& pattern = "*") const;
    /// The project's JSON, checked.
    [[nodiscard]] nlohmann::json read(const std::string& name) const;

    void create(const std::string& name, const ProjectParts& parts) const;
    /// Answers the backup of the old one, with its results.
    [[nodiscard]] std::filesystem::path recreate(const std::string& name, const ProjectParts& parts) const;
    /// Replaces what is in `parts`; results stay where they are. Scripts that are replaced go to the project's
    /// `backup`; answers where to, if so.
    [[nodiscard]] std::optional<std::filesystem::path> update(const std::string& name, const ProjectParts& parts) const;
    [[nodiscard]] std::filesystem::path remove(const std::string& name) const;

    /// The parts of an existing project, and of one that a JSON file describes.
    [[nodiscard]] ProjectParts parts(const std::string& name) const;
    [[nodiscard]] static ProjectParts parts_of_file(const std::filesystem::path& file);

  private:
    void check_exists(const std::string& name) const;

    Workspace workspace_;
};

}  // namespace hpogrid::launchers
