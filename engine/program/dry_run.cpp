#include "engine/program/dry_run.hpp"

#include "engine/core/error.hpp"
#include "engine/results/writable.hpp"
#include "engine/trials/make_evaluator.hpp"
#include "engine/trials/python_host.hpp"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

namespace hpogrid::program {
namespace {

constexpr std::size_t shown_points = 5;

void check_script(const StudySetup& setup) {
    const trials::EvaluatorSpec& spec = setup.worker_settings.evaluator;
    if (const auto* script = std::get_if<trials::PythonScript>(&spec)) {
        constexpr std::chrono::seconds patience{300};
        if (const auto problem = trials::check_python_script(*script, setup.worker_settings.surroundings, patience)) {
            throw InputError{fmt::format("{}: {}", setup.project.file.string(), *problem)};
        }
        return;
    }
    // Commands and plug-ins say at construction what is wrong with them.
    static_cast<void>(trials::make_evaluator(spec, setup.worker_settings.surroundings));
}

void print_points(const StudySetup& setup) {
    const auto optimizer = setup.make_optimizer();
    auto suggestions = optimizer->ask(shown_points);
    for (const space::Point& point : setup.search_points) {
        suggestions.insert(suggestions.begin(), {point, "user"});
    }
    suggestions.resize(std::min(suggestions.size(), shown_points));
    for (const optimizers::Suggestion& suggestion : suggestions) {
        fmt::print("  {:<8} {}\n", suggestion.origin, setup.space.configuration(suggestion.point).dump());
    }
}

}  // namespace

void dry_run(const StudySetup& setup, std::size_t workers) {
    const config::Project& project = setup.project;
    results::check_writable(setup.paths.results.parent_path());
    check_script(setup);
    fmt::print("Project '{}' is ready: {} trials of {} on {} worker{}, {} '{}', results in {}\n", project.name,
               project.hpo.num_trials, project.model.script, workers, workers == 1 ? "" : "s",
               project.hpo.mode == study::Mode::minimize ? "minimise" : "maximise", project.hpo.metric,
               setup.paths.results.string());
    fmt::print("Algorithm {}, scheduler {}, seed {}. Five sampled points:\n", project.hpo.algorithm,
               project.hpo.scheduler, setup.seed);
    print_points(setup);
}

}  // namespace hpogrid::program
