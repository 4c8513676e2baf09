#include "engine/config/project.hpp"

#include "engine/config/grid_config.hpp"
#include "engine/config/hpo_config.hpp"
#include "engine/config/json_text.hpp"
#include "engine/config/model_config.hpp"
#include "engine/config/printable.hpp"
#include "engine/config/project_fields.hpp"
#include "engine/config/project_place.hpp"
#include "engine/config/script_kind.hpp"
#include "engine/optimizers/registry.hpp"
#include "engine/schedulers/registry.hpp"
#include "engine/space/space.hpp"

namespace hpogrid::config {
namespace {

/// A hyperparameter that `param` sets would be drawn and then overwritten.
void check_param(const Located& document, const Project& project) {
    for (const space::Parameter& parameter : project.search_space) {
        if (project.model.param.contains(parameter.name)) {
            const std::string path = "model_config.param." + printable(parameter.name);
            throw Located(document.json(), document.file(), path)
                .problem("is also a hyperparameter of search_space, allowed: one of the two");
        }
    }
}

/// The parameters of algorithm and scheduler are checked by what reads them.
void check_factories(const Located& hpo_config, const Project& project) {
    const HpoConfig& hpo = project.hpo;
    std::string path = hpo_config.path() + ".algorithm_param";
    try {
        const space::Space space{project.search_space};
        static_cast<void>(optimizers::make_optimizer(hpo.algorithm, {space, hpo.algorithm_param, 0}));
        path = hpo_config.path() + ".scheduler_param";
        static_cast<void>(
            schedulers::make_scheduler(hpo.scheduler, {.parameters = hpo.scheduler_param,
                                                       .seed = 0,
                                                       .space = &space,
                                                       .can_pause = can_pause(script_kind(project.model.script))}));
    } catch (const InputError& error) {
        throw Located(hpo_config.json(), hpo_config.file(), path).problem(error.what());
    }
}

Project parse_project_at(const nlohmann::json& json, const ProjectPlace& place) {
    const Located document{json, printable_path(place.file)};
    if (!json.is_object()) {
        throw document.refusal("", "an object {…} with the project's keys");
    }
    Project project;
    read_fields(project_fields(), document, project);
    check_param(document, project);
    check_factories(Located{json, document.file(), "hpo_config"}, project);
    project.source = json;
    project.file = place.file;
    project.scripts_path = resolve_scripts_path(document, place);
    const nlohmann::json script = project.model.script;
    static_cast<void>(resolve_script(Located{script, document.file(), "model_config.script"}, project.scripts_path));
    return project;
}

}  // namespace

Project read_project(const std::filesystem::path& project) {
    const ProjectPlace place = find_project(project);
    return parse_project_at(read_json_file(place.file), place);
}

Project parse_project(const nlohmann::json& document, const std::filesystem::path& file) {
    return parse_project_at(document, place_of_file(file));
}

Project parse_project_text(std::string_view text, const std::filesystem::path& file) {
    return parse_project(parse_json_text(text, file), file);
}

}  // namespace hpogrid::config
