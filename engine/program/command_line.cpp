#include "engine/program/command_line.hpp"

#include "engine/cluster/cpu_share.hpp"
#include "engine/cluster/gpu_inventory.hpp"
#include "engine/config/describe.hpp"
#include "engine/config/printable.hpp"
#include "engine/console/option_values.hpp"
#include "engine/console/parse_error_text.hpp"
#include "engine/core/nearest.hpp"
#include "engine/core/version.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace hpogrid::program {
namespace {

constexpr auto description =
    "Optimises the hyperparameters of a training script.\n"
    "\n"
    "Started by mpirun, rank 0 suggests and schedules trials and every other rank evaluates them, one GPU each.\n"
    "Started alone, it does both.\n";

constexpr auto examples =
    "\nExamples:\n"
    "  mpirun -n 4 hpogrid-engine configs/digits -o digits.h5     three workers, results in digits.h5\n"
    "  hpogrid-engine project.json --dry-run                      check everything, show five sampled points\n"
    "  mpirun -n 4 hpogrid-engine configs/digits -o digits.h5 --resume     go on after a crash\n"
    "\nExit status: 0 finished, or stopped by time budget or signal with results safe; 2 bad input; 3 no trial\n"
    "succeeded; 4 results cannot be written; anything else: interrupted, start again with --resume.\n";

/// An option whose values are words.
template <class Choice>
CLI::Option* add_choice(CLI::App& app, const std::string& name, Choice& variable,
                        const std::map<std::string, Choice>& choices, const std::string& help) {
    std::vector<std::string> words;
    for (const auto& [word, choice] : choices) {
        words.push_back(word);
    }
    const auto choose = [&variable, choices](const std::string& word) { variable = choices.at(word); };
    return app.add_option_function<std::string>(name, choose, help)->check(console::one_of(words));
}

/// What the line of --machine says: jobs/run-engine counts its ranks by it.
std::string machine() {
    const char* mask = std::getenv("CUDA_VISIBLE_DEVICES");
    const auto gpus = cluster::visible_gpus(cluster::find_gpus(),
                                            mask == nullptr ? std::nullopt : std::optional<std::string_view>{mask});
    return fmt::format("gpus {} cores {}\n", gpus.size(), static_cast<unsigned>(cluster::available_cores()));
}

void add_options(CLI::App& app, CommandLine& line, bool& describe) {
    app.add_option("project", line.project,
                   "Project folder, name of a project below $HPOGRID_BASE_PATH/projects, or JSON")
        ->type_name("PROJECT_DIR | PROJECT_NAME | CONFIG.json");
    app.add_option("-o,--output", line.output, "Results file; journal and trial folders lie beside it")
        ->type_name("FILE")
        ->capture_default_str();
    app.add_flag("--resume", line.resume, "Go on with the study in the journal beside the results, if there is one");
    app.add_flag(
           "--overwrite", line.overwrite,
           "Delete the earlier study that lies there (results, journal, trials) once a trial of the new one has begun")
        ->excludes("--resume");
    app.add_option("--trials", line.trials, "Number of trials")
        ->type_name("N")
        ->check(console::whole_number(1, 1'000'000'000));
    app.add_option("--time-budget", line.time_budget, "Stop in time to have everything written after this many seconds")
        ->type_name("S")
        ->check(console::positive_seconds());
    app.add_option("--grace", line.grace,
                   "After SIGTERM or SIGINT, wait up to this many seconds (0.5) for running trials to save themselves")
        ->type_name("S")
        ->check(console::positive_seconds());
    app.add_option("--seed", line.seed, "Seed of all random choices")
        ->type_name("N")
        ->check(console::whole_number(0, UINT64_MAX));
    app.add_option("--search-points", line.search_points, "JSON list of configurations to evaluate first")
        ->type_name("FILE");
    app.add_option("--slots-per-gpu", line.slots_per_gpu, "Trials that share a GPU (or a worker's cores)")
        ->type_name("K")
        ->check(console::whole_number(1, 1024));
    app.add_option("--gpus-per-trial", line.gpus_per_trial, "GPUs that a trial gets")
        ->type_name("K")
        ->check(console::whole_number(0, 1024));
    app.add_option("--trial-timeout", line.trial_timeout, "Kill a trial that runs longer than this many seconds")
        ->type_name("S")
        ->check(console::positive_seconds());
    app.add_option("--retries", line.retries, "Further attempts of a trial that failed")
        ->type_name("N")
        ->check(console::whole_number(0, 1000));
    app.add_flag("--dry-run", line.dry_run, "Check everything and show five sampled points; evaluate nothing");
    add_choice<ProgressStyle>(
        app, "--progress", line.progress,
        {{"auto", ProgressStyle::automatic}, {"plain", ProgressStyle::plain}, {"none", ProgressStyle::none}},
        "auto: a live block on a terminal, else a line every 30 s")
        ->type_name("auto | plain | none")
        ->default_str("auto");
    add_choice<LogLevel>(app, "--log-level", line.log_level,
                         {{"debug", LogLevel::debug},
                          {"info", LogLevel::info},
                          {"warning", LogLevel::warning},
                          {"error", LogLevel::error}},
                         "debug: every trial; info: the ranks; warning: failed trials and lost ranks")
        ->type_name("debug | info | warning | error")
        ->default_str("info");
    app.add_flag("--describe", describe, "Print the reference of all configuration keys");
}

/// CLI11 says which argument was not expected, not what was meant.
std::string unknown_option_hint(const CLI::App& app, const std::vector<std::string>& rest) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    const std::vector<std::string_view> known{names.begin(), names.end()};
    for (const std::string& argument : rest) {
        if (argument.starts_with('-')) {
            return fmt::format("unknown option {}{}, allowed: {}", config::printable(argument),
                               did_you_mean(argument.substr(0, argument.find('=')), known), join_names(known));
        }
    }
    return fmt::format("unexpected argument '{}', allowed: one PROJECT", config::printable(rest.front()));
}

}  // namespace

ParsedCommandLine parse_command_line(int argument_count, const char* const* arguments) {
    CommandLine line;
    bool describe = false;
    bool ask_machine = false;
    CLI::App app{description, "hpogrid-engine"};
    app.footer(examples);
    app.set_version_flag("--version", std::string{"hpogrid-engine "} + std::string{version});
    app.get_formatter()->column_width(36);
    app.allow_extras();
    add_options(app, line, describe);
    app.add_flag("--machine", ask_machine, "Print how many GPUs and cores this process may use, by every rank");
    const auto refuse = [](const std::string& why) {
        return ParsedCommandLine{{},
                                 PrintAndExit{fmt::format("hpogrid-engine: {} (see hpogrid-engine --help)\n", why), 2}};
    };
    try {
        app.parse(argument_count, arguments);
    } catch (const CLI::CallForHelp&) {
        return {{}, PrintAndExit{app.help(), 0}};
    } catch (const CLI::CallForVersion& call) {
        return {{}, PrintAndExit{std::string{call.what()} + "\n", 0}};
    } catch (const CLI::ParseError& error) {
        return refuse(console::parse_error_text(error));
    }
    if (ask_machine) {
        return {{}, PrintAndExit{machine(), 0, true}};
    }
    if (describe) {
        return {{}, PrintAndExit{config::describe_configuration(), 0}};
    }
    if (const auto rest = app.remaining(); !rest.empty()) {
        return refuse(unknown_option_hint(app, rest));
    }
    if (line.project.empty()) {
        return refuse("no project given, allowed: a project folder, a project's name or a JSON file");
    }
    return {line, std::nullopt};
}

}  // namespace hpogrid::program
