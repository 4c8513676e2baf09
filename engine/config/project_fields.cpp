#include "engine/config/project_fields.hpp"

#include "engine/config/grid_config.hpp"
#include "engine/config/hpo_config.hpp"
#include "engine/config/model_config.hpp"
#include "engine/config/rules.hpp"
#include "engine/config/search_space.hpp"

namespace hpogrid::config {
namespace {

/// The name becomes a part of folders and of dataset names.
struct ProjectNameRule {
    [[nodiscard]] std::string allowed() const { return NameRule{}.allowed() + ", no '\\', not '.' or '..'"; }
    [[nodiscard]] std::string operator()(const Located& value) const {
        std::string name = NameRule{}(value);
        if (name == "." || name == ".." || name.find('\\') != std::string::npos) {
            throw value.refusal("", allowed());
        }
        return name;
    }
    [[nodiscard]] std::string show(const std::string& name) const { return NameRule{}.show(name); }
};

template <class Read>
Field<Project> section(std::string_view name, std::string_view meaning, Read read) {
    Field<Project> field{.name = name, .allowed = ObjectRule{}.allowed(), .meaning = meaning};
    field.read = read;
    return field;
}

}  // namespace

std::vector<Field<Project>> project_fields() {
    Field<Project> scripts_path{
        .name = "scripts_path",
        .allowed = TextRule{}.allowed(),
        .meaning =
            "Folder of the scripts, or a script in it, seen from this file; absent = the project's `scripts`, "
            "or this file's folder. Variables are not expanded"};
    // Found where the file's place is known.
    scripts_path.read = [](const Located& value, Project&) { static_cast<void>(TextRule{}(value)); };
    return {
        field("project_name", &Project::name, ProjectNameRule{}, "Name of the project").as_required(),
        std::move(scripts_path),
        section("model_config", "What evaluates a trial",
                [](const Located& value, Project& project) { project.model = read_model_config(value); })
            .as_required(),
        section("search_space", "The hyperparameters and their ranges",
                [](const Located& value, Project& project) { project.search_space = read_search_space(value); })
            .as_required(),
        section("hpo_config", "How the search is done",
                [](const Located& value, Project& project) { project.hpo = read_hpo_config(value); }),
        section("grid_config", "Where jobs run",
                [](const Located& value, Project& project) { project.grid = read_grid_config(value); }),
    };
}

}  // namespace hpogrid::config
