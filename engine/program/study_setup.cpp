#include "engine/program/study_setup.hpp"

#include "engine/config/model_name.hpp"
#include "engine/config/script_kind.hpp"
#include "engine/config/text_file.hpp"
#include "engine/core/environment.hpp"
#include "engine/core/error.hpp"
#include "engine/core/version.hpp"
#include "engine/core/wall_clock.hpp"
#include "engine/optimizers/registry.hpp"
#include "engine/program/overrides.hpp"
#include "engine/schedulers/registry.hpp"
#include "engine/trials/native/native_check.hpp"
#include "engine/trials/native/native_models.hpp"
#include "engine/trials/python/python_installation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <system_error>

namespace hpogrid::program {
namespace fs = std::filesystem;
namespace {

std::uint64_t random_seed() {
    std::random_device device;
    // 53 bits survive every JSON reader.
    return (std::uint64_t{device()} << 21U) ^ device();
}

results::ExistingFiles existing_files(const CommandLine& command_line) {
    using results::ExistingFiles;
    return command_line.overwrite ? ExistingFiles::overwrite
           : command_line.resume  ? ExistingFiles::resume
                                  : ExistingFiles::refuse;
}

fs::path folder_from_environment(const char* variable) {
    const std::string value = environment_variable(variable);
    if (value.empty()) {
        return fs::current_path();
    }
    if (std::error_code error; !fs::is_directory(value, error)) {
        throw InputError{fmt::format("{} is '{}' ({}), allowed: a folder that is there", variable, value,
                                     config::why_not_found(value, "folder"))};
    }
    return fs::absolute(value);
}

trials::PythonStart start_method(config::StartMethod start) {
    switch (start) {
        case config::StartMethod::automatic:
            return trials::PythonStart::automatic;
        case config::StartMethod::fork:
            return trials::PythonStart::fork;
        case config::StartMethod::spawn:
            return trials::PythonStart::spawn;
    }
    return trials::PythonStart::automatic;
}

std::vector<std::string> searched_names(const config::Project& project) {
    std::vector<std::string> names;
    for (const space::Parameter& parameter : project.search_space) {
        names.push_back(parameter.name);
    }
    return names;
}

std::vector<std::string> configuration_keys(const config::Project& project) {
    std::vector<std::string> keys = searched_names(project);
    for (const auto& [key, value] : project.model.param.items()) {
        if (std::ranges::find(keys, key) == keys.end()) {
            keys.push_back(key);
        }
    }
    return keys;
}

trials::EvaluatorSpec evaluator_spec(const config::Project& project) {
    const config::ModelConfig& model = project.model;
    config::check_model_name(project);
    switch (config::script_kind(model.script)) {
        case config::ScriptKind::python:
            // Refused here if there is none.
            static_cast<void>(trials::find_python());
            return trials::PythonScript{config::resolve_script(project), model.model, start_method(model.start)};
        case config::ScriptKind::plugin:
            return trials::Plugin{config::resolve_script(project), model.model};
        case config::ScriptKind::native:
            return trials::Native{model.model, model.param.is_object() ? model.param.dump() : "{}"};
        default:
            return trials::Command{config::resolve_script(project).string(), model.arguments, model.result_file,
                                   configuration_keys(project)};
    }
}

/// What trains many trials at once is given many.
unsigned slots_per_gpu(const CommandLine& command_line, const config::Project& project,
                       const trials::EvaluatorSpec& evaluator) {
    const auto* native = std::get_if<trials::Native>(&evaluator);
    const unsigned standard = native != nullptr ? trials::standard_slots(*native) : 1U;
    return command_line.slots_per_gpu.value_or(project.hpo.slots_per_gpu.value_or(standard));
}

cluster::WorkerSettings worker_settings(const CommandLine& command_line, const config::Project& project,
                                        const results::StudyFiles& files) {
    using Seconds = std::chrono::duration<double>;
    cluster::WorkerSettings settings{.evaluator = evaluator_spec(project)};
    settings.surroundings.trials_folder = files.trials;
    settings.surroundings.checkpoints_folder = files.checkpoints;
    settings.surroundings.save_at_end = project.hpo.keep_checkpoints > 0;
    settings.surroundings.scripts_path = project.scripts_path;
    settings.surroundings.data_folder = folder_from_environment("HPOGRID_DATA_DIR");
    settings.surroundings.work_folder = folder_from_environment("HPOGRID_WORK_DIR");
    settings.surroundings.metric = project.hpo.metric;
    settings.surroundings.mode = project.hpo.mode;
    settings.surroundings.limits = {Seconds{project.hpo.trial_timeout}, Seconds{project.hpo.silence_timeout},
                                    Seconds{5}};
    settings.surroundings.stop = project.hpo.stop;
    settings.cpus_per_trial = project.hpo.cpus_per_trial;
    settings.debug = command_line.log_level == LogLevel::debug;
    settings.slots_per_gpu = slots_per_gpu(command_line, project, settings.evaluator);
    settings.gpus_per_trial = command_line.gpus_per_trial.value_or(std::max(1U, unsigned(project.hpo.gpus_per_trial)));
    return settings;
}

std::vector<space::Point> read_points(const fs::path& file, const space::Space& space) {
    std::vector<space::Point> points;
    for (const nlohmann::json& configuration : config::read_search_points(file)) {
        try {
            points.push_back(space.point(configuration));
        } catch (const InputError& error) {
            throw InputError{fmt::format("{}: point {}: {}", file.string(), points.size() + 1, error.what())};
        }
    }
    return points;
}

/// What must not change between the runs of one study. More trials or another budget are welcome.
nlohmann::json identity(const config::Project& project) {
    return {{"search_space", project.source.at("search_space")},
            {"metric", project.hpo.metric},
            {"mode", project.hpo.mode == study::Mode::minimize ? "min" : "max"},
            {"scheduler", project.hpo.scheduler},
            {"scheduler_param", project.hpo.scheduler_param}};
}

}  // namespace

std::unique_ptr<optimizers::Optimizer> StudySetup::make_optimizer() const {
    const std::size_t slots = std::size_t{workers} * worker_settings.slots_per_gpu;
    const std::size_t most = project.hpo.max_concurrent;
    return optimizers::make_optimizer(project.hpo.algorithm,
                                      {.space = space,
                                       .parameters = project.hpo.algorithm_param,
                                       .seed = seed,
                                       .num_trials = project.hpo.num_trials,
                                       .concurrency = most == 0 ? slots : std::min(slots, most)});
}

std::unique_ptr<schedulers::Scheduler> StudySetup::make_scheduler() const {
    return schedulers::make_scheduler(project.hpo.scheduler,
                                      {.parameters = project.hpo.scheduler_param,
                                       .seed = seed,
                                       .space = &space,
                                       .can_pause = config::can_pause(config::script_kind(project.model.script)),
                                       .keeps_checkpoints = project.hpo.keep_checkpoints > 0});
}

study::Study StudySetup::make_study(std::size_t lookahead) const {
    study::Settings settings;
    settings.metric = project.hpo.metric;
    settings.mode = project.hpo.mode;
    settings.num_trials = project.hpo.num_trials;
    settings.max_concurrent = project.hpo.max_concurrent;
    settings.retries = project.hpo.retries;
    settings.lookahead = lookahead;
    settings.stop = study::StopConditions{project.hpo.stop};
    settings.checkpoints.count = project.hpo.keep_checkpoints;
    if (project.hpo.checkpoint_bytes > 0) {
        settings.checkpoints.bytes = project.hpo.checkpoint_bytes;
    }
    return {std::move(settings), make_scheduler()};
}

std::string StudySetup::journal_header() const {
    return nlohmann::json{
        {"engine_version", version}, {"seed", seed}, {results::started_key, started}, {"identity", identity(project)}}
        .dump();
}

void StudySetup::adopt_journal_header(const std::string& header) {
    const nlohmann::json earlier = nlohmann::json::parse(header);
    const nlohmann::json now = identity(project);
    for (const auto& [key, value] : now.items()) {
        // Early journals do not name their scheduler.
        if (earlier.at("identity").value(key, value) != value) {
            throw InputError{
                fmt::format("{}: '{}' differs from that of the study in {}, allowed: the same one, or another -o FILE",
                            project.file.string(), key, files.journal.string())};
        }
    }
    const auto earlier_seed = earlier.at("seed").get<std::uint64_t>();
    if (project.hpo.seed && *project.hpo.seed != earlier_seed) {
        throw InputError{fmt::format("seed {} differs from seed {} of the study in {}, allowed: the same one, or none",
                                     *project.hpo.seed, earlier_seed, files.journal.string())};
    }
    seed = earlier_seed;
    started = earlier.at(results::started_key).get<double>();
}

StudySetup set_up_study(const CommandLine& command_line, unsigned workers) {
    config::Project project = config::read_project(command_line.project);
    apply_overrides(command_line, project);
    if (project.hpo.one_trial_per_gpu) {
        project.hpo.num_trials = workers;
    }
    results::StudyFiles files = results::study_files(command_line.output);
    space::Space space{project.search_space};
    std::vector<space::Point> points;
    if (command_line.search_points) {
        points = read_points(*command_line.search_points, space);
    }
    cluster::WorkerSettings settings = worker_settings(command_line, project, files);
    const std::uint64_t seed = project.hpo.seed.value_or(random_seed());
    StudySetup setup{.project = std::move(project),
                     .files = std::move(files),
                     .existing = existing_files(command_line),
                     .seed = seed,
                     .started = wall_clock(),
                     .workers = workers,
                     .space = std::move(space),
                     .search_points = std::move(points),
                     .worker_settings = std::move(settings)};
    // Whatever their factories refuse is to be refused now.
    [[maybe_unused]] const auto optimizer = setup.make_optimizer();
    const auto scheduler = setup.make_scheduler();
    trials::Surroundings& surroundings = setup.worker_settings.surroundings;
    surroundings.time_attribute = scheduler->time_attribute();
    if (auto* native = std::get_if<trials::Native>(&setup.worker_settings.evaluator)) {
        native->searched = searched_names(setup.project);
        native->changing = scheduler->changing();
        trials::check_native(*native, surroundings);
    }
    return setup;
}

}  // namespace hpogrid::program
