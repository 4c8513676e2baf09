#include "engine/program/dry_run.hpp"

#include "engine/console/progress_text.hpp"
#include "engine/core/error.hpp"
#include "engine/program/roll_call.hpp"
#include "engine/results/journal.hpp"
#include "engine/trials/make_evaluator.hpp"
#include "engine/trials/plugin/plugin_evaluator.hpp"
#include "engine/trials/python/python_host.hpp"
#include "engine/trials/python/python_installation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace hpogrid::program {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t shown_points = 5;

/// Of the study to be resumed, how many trials have ended.
std::size_t check_journal(StudySetup& setup) {
    std::vector<study::Event> events;
    const auto contents =
        results::read_journal(setup.files.journal, [&](const study::Event& event) { events.push_back(event); });
    setup.adopt_journal_header(contents.header);
    study::Study study = setup.make_study(0);
    std::vector<study::Action> ignored;
    for (const study::Event& event : events) {
        study.apply(event, ignored);
    }
    return study.counts().ended();
}

void check_script(const StudySetup& setup) {
    constexpr std::chrono::seconds patience{300};
    const trials::EvaluatorSpec& spec = setup.worker_settings.evaluator;
    if (const auto* script = std::get_if<trials::PythonScript>(&spec)) {
        if (const auto problem = trials::check_python_script(*script, setup.worker_settings.surroundings, patience)) {
            throw InputError{trials::cannot_be_used(*script, trials::find_python(), *problem)};
        }
    } else if (const auto* plugin = std::get_if<trials::Plugin>(&spec)) {
        if (const auto problem = trials::check_plugin(*plugin, setup.worker_settings.surroundings, patience)) {
            throw InputError{fmt::format("{}: cannot be used: {}", plugin->library.string(), *problem)};
        }
    } else if (std::holds_alternative<trials::Command>(spec)) {
        // Commands say at construction what is wrong with them.
        static_cast<void>(trials::make_evaluator(spec, setup.worker_settings.surroundings));
    }
}

bool mentions(const fs::path& file, const std::string& word) {
    std::ifstream stream{file, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    return text.find(word) != std::string::npos;
}

/// Not an error: a name may be put together at run time.
void warn_of_unknown_metric(const StudySetup& setup) {
    const std::string& metric = setup.project.hpo.metric;
    if (!std::holds_alternative<trials::PythonScript>(setup.worker_settings.evaluator)) {
        return;
    }
    constexpr int most_files = 1000;
    int files = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator entry{setup.project.scripts_path, error}, end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() == ".py" && (++files > most_files || mentions(entry->path(), metric))) {
            return;
        }
    }
    fmt::print("Warning: no script in {} mentions '{}'; is that the name of a metric that is reported?\n",
               setup.project.scripts_path.string(), metric);
}

void print_ranks(const StudySetup& setup, cluster::Transport& transport, std::size_t workers) {
    constexpr std::chrono::seconds patience{60};
    const auto answers = call_the_roll(transport, workers, patience);
    study::Study ranks = setup.make_study(0);
    std::vector<study::Action> none;
    for (const auto& [worker, answer] : answers) {
        if (const auto* goodbye = std::get_if<cluster::Goodbye>(&answer)) {
            throw InputError{fmt::format("rank {} cannot evaluate: {}", worker.value, goodbye->reason)};
        }
        const auto& hello = std::get<cluster::Hello>(answer);
        ranks.apply(study::WorkerJoined{worker, hello.slots, hello.host, hello.gpu}, none);
    }
    fmt::print("{}", console::placement_table(ranks));
    if (answers.size() < workers) {
        throw InputError{fmt::format("{} of {} workers did not answer within {} s", workers - answers.size(), workers,
                                     patience.count())};
    }
}

void print_points(const StudySetup& setup) {
    std::vector<optimizers::Suggestion> suggestions;
    for (const space::Point& point : setup.search_points) {
        suggestions.push_back({point, "user"});
    }
    const auto optimizer = setup.make_optimizer();
    std::ranges::move(optimizer->ask(shown_points), std::back_inserter(suggestions));
    suggestions.resize(std::min(suggestions.size(), shown_points));
    for (const optimizers::Suggestion& suggestion : suggestions) {
        fmt::print("  {:<8} {}\n", suggestion.origin, setup.space.configuration(suggestion.point).dump());
    }
}

}  // namespace

void dry_run(StudySetup setup, cluster::Transport& transport, std::size_t workers,
             const std::function<void()>& start_workers) {
    const config::Project& project = setup.project;
    const bool resume = results::check_files(setup.files, setup.existing);
    const std::size_t ended = resume ? check_journal(setup) : 0;
    check_script(setup);
    // Not before: a worker in the same process would end the check's processes as strays of its trials.
    start_workers();
    print_ranks(setup, transport, workers);
    warn_of_unknown_metric(setup);
    fmt::print("Project '{}' is ready: {} trials of {} on {} worker{}, {} '{}', results in {}\n", project.name,
               project.hpo.num_trials, project.model.script, workers, workers == 1 ? "" : "s",
               project.hpo.mode == study::Mode::minimize ? "minimise" : "maximise", project.hpo.metric,
               setup.files.results.string());
    if (resume) {
        fmt::print("It goes on with the study in {}, of which {} trials have ended.\n", setup.files.journal.string(),
                   ended);
    }
    fmt::print("Algorithm {}, scheduler {}, seed {}. Five sampled points:\n", project.hpo.algorithm,
               project.hpo.scheduler, setup.seed);
    print_points(setup);
}

}  // namespace hpogrid::program
