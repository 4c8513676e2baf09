#include "launchers/program/run_commands.hpp"

#include "engine/config/grid_config.hpp"
#include "engine/config/printable.hpp"
#include "engine/config/project.hpp"
#include "engine/core/error.hpp"
#include "launchers/core/folders.hpp"
#include "launchers/core/shell_text.hpp"
#include "launchers/panda/dataset_name.hpp"
#include "launchers/panda/submission.hpp"
#include "launchers/program/local_run.hpp"
#include "launchers/projects/project_store.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <random>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

struct RunOptions {
    LocalRun local;
    std::string backend{"panda"};
    unsigned jobs{1};
    std::vector<std::string> sites;
    std::uint64_t wall_time{0};
    std::optional<std::uint64_t> seed;
    bool dry_run{false};
    std::vector<std::string> passed_through;
};

std::uint64_t random_seed() {
    std::random_device device;
    // Room for the jobs' numbers below 2^53, which survive every JSON reader.
    return device();
}

config::GridConfig grid_of(const config::Project& project, const RunOptions& options) {
    config::GridConfig grid = project.grid;
    if (!options.sites.empty()) {
        nlohmann::json sites =
            options.sites.size() == 1 ? nlohmann::json(options.sites.front()) : nlohmann::json(options.sites);
        const nlohmann::json changed = {{"site", std::move(sites)}};
        grid.sites = config::read_grid_config(config::Located{changed, "command line", "-"}).sites;
    }
    return grid;
}

void show_script(const fs::path& file) {
    std::ifstream stream{file};
    fmt::print("{}", std::string{std::istreambuf_iterator<char>{stream}, {}});
}

int run_on_panda(const Workspace& workspace, const RunOptions& options) {
    const config::Project project = config::read_project(options.local.project);
    const JobSettings settings{.jobs = options.jobs,
                               .seed = options.seed.value_or(project.hpo.seed.value_or(random_seed())),
                               .wall_time = options.wall_time,
                               .engine_options = {},
                               .search_points = options.local.search_points};
    PandaTask task{.grid = grid_of(project, options),
                   .out_dataset = {},
                   .jobs = options.jobs,
                   .submission_file = {},
                   .passed_through = options.passed_through};
    task.out_dataset =
        expand_dataset(task.grid.out_dataset, {account_from_environment(), project.name, std::time(nullptr)});
    if (!options.dry_run) {
        check_panda_client();
    }
    const fs::path folder =
        fs::absolute(workspace.base / "submissions" / project.name / timestamp()).lexically_normal();
    if (is_there(folder)) {
        throw InputError{fmt::format("{}: exists already, allowed: one submission a second", folder.string())};
    }
    const fs::path package = folder / "package";
    write_job_package(package, project, settings);
    task.submission_file = folder / "prun.json";
    const auto tasks = split_by_input(task);
    if (options.dry_run) {
        fmt::print("# The job package is {}; its job script:\n", config::printable_path(package));
        show_script(package / "hpogrid/grid-job");
        fmt::print("\n# It would be submitted there with:\n");
        for (const PandaTask& each : tasks) {
            fmt::print("{}\n", shell_command(prun_command(each)));
        }
        return 0;
    }
    const auto ids = submit_to_panda(package, tasks, settings);
    for (const std::string& id : ids) {
        fmt::print("Submitted task {}: https://bigpanda.cern.ch/task/{}/\n", id, id);
    }
    fmt::print("{} job{} with the seeds {} to {}; {} tells all about the submission\n", settings.jobs,
               settings.jobs == 1 ? "" : "s", settings.seed, settings.seed + settings.jobs - 1,
               config::printable_path(folder / "submission.json"));
    return 0;
}

int run_here(const Workspace& workspace, const RunOptions& options) {
    LocalRun local = options.local;
    if (options.jobs != 1 || !options.sites.empty()) {
        throw InputError{"--n_jobs and --site have no meaning for --backend local, allowed: without them"};
    }
    const auto add = [&](const char* name, const std::string& value) {
        local.engine_options.insert(local.engine_options.end(), {name, value});
    };
    if (options.wall_time > 0) {
        add("--time-budget", fmt::format("{}", options.wall_time - reserved_time(options.wall_time)));
    }
    if (options.seed) {
        add("--seed", fmt::format("{}", *options.seed));
    }
    if (options.dry_run) {
        local.engine_options.emplace_back("--dry-run");
    }
    local.engine_options.insert(local.engine_options.end(), options.passed_through.begin(),
                                options.passed_through.end());
    run_locally(workspace, local);
}

int run(const Workspace& workspace, const RunOptions& options) {
    try {
        return options.backend == "local" ? run_here(workspace, options) : run_on_panda(workspace, options);
    } catch (const SubmissionError& error) {
        fmt::print(stderr, "hpogrid: {}\n", error.what());
        return 1;
    }
}

/// CLI11 would take -1 for a large number.
CLI::Validator whole_number(std::uint64_t low, std::uint64_t high) {
    return {[low, high](const std::string& text) -> std::string {
                const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
                const bool fine = digits && text.size() < 19 && std::stoull(text) >= low && std::stoull(text) <= high;
                return fine ? ""
                            : fmt::format("'{}' is not allowed, allowed: an integer from {} to {}", text, low, high);
            },
            ""};
}

void add_project(CommandTree& tree, CLI::App& app, std::string& project, const Workspace& workspace) {
    CLI::Option* option = app.add_option("project", project, "Name of a project, a project folder, or its JSON file")
                              ->required()
                              ->type_name("PROJECT");
    tree.complete(option, [workspace] { return ProjectStore{workspace}.list(); });
}

void add_local_run(CommandTree& tree, const Workspace& workspace) {
    const auto run_options = std::make_shared<LocalRun>();
    CLI::App& app = tree.add_command(
        tree.root(), "local_run", "Run a project on this machine; the exit status is the engine's",
        "  hpogrid local_run my_project\n  hpogrid local_run my_project --resume -- --time-budget 3600\n",
        [workspace, run_options]() -> int { run_locally(workspace, *run_options); });
    add_project(tree, app, run_options->project, workspace);
    app.add_option("-o,--output", run_options->output, "Results file [default runs/PROJECT/TIME/results.h5]")
        ->type_name("FILE");
    app.add_flag("--resume", run_options->resume, "Go on with the last run of the project, or with --output");
    app.add_option("--ranks", run_options->ranks,
                   "Processes: one more than workers [default one a GPU and one, else cores]")
        ->type_name("N")
        ->check(whole_number(1, 100'000));
    app.add_option("-p,--search_points", run_options->search_points, "JSON list of configurations to evaluate first")
        ->type_name("FILE");
    tree.hands_through(app, run_options->engine_options);
}

void add_run(CommandTree& tree, const Workspace& workspace, const char* name) {
    const auto options = std::make_shared<RunOptions>();
    CLI::App& app = tree.add_command(
        tree.root(), name, "Submit a project to the grid; what follows -- goes to prun as it is",
        fmt::format("  hpogrid {0} my_project --n_jobs 3\n  hpogrid {0} my_project --site ANALY_MANC_GPU --dry-run\n"
                    "  hpogrid {0} my_project -- --nCore 8 --memory 4000\n",
                    name),
        [workspace, options] { return run(workspace, *options); });
    add_project(tree, app, options->local.project, workspace);
    constexpr std::uint64_t most_jobs = 10'000;
    constexpr std::uint64_t most_seconds = 31'536'000;
    app.add_option("-n,--n_jobs", options->jobs, "Number of jobs, each with a seed of its own [default 1]")
        ->type_name("N")
        ->check(whole_number(1, most_jobs));
    app.add_option("-s,--site", options->sites, "Sites instead of those of the grid configuration")
        ->type_name("SITE ...");
    app.add_option("-t,--time", options->wall_time,
                   "Wall time of a job in seconds: it stops in time to save its results [default that of the queue]")
        ->type_name("S")
        ->check(whole_number(1, most_seconds));
    app.add_option("-p,--search_points", options->local.search_points, "JSON list of configurations to evaluate first")
        ->type_name("FILE");
    app.add_option("--seed", options->seed, "Seed of the first job; each further one has the next")
        ->type_name("N")
        ->check(whole_number(0, std::uint64_t{1} << 52U));
    tree.complete(app.add_option("--backend", options->backend, "panda or local [default panda]")
                      ->type_name("NAME")
                      ->check(CLI::IsMember({"panda", "local"})),
                  [] {
                      return std::vector<std::string>{"panda", "local"};
                  });
    app.add_flag("--dry-run", options->dry_run, "Show the job script and the command; submit nothing");
    tree.hands_through(app, options->passed_through);
}

}  // namespace

void add_run_commands(CommandTree& tree, const Workspace& workspace) {
    add_run(tree, workspace, "run");
    add_run(tree, workspace, "submit");
    add_local_run(tree, workspace);
}

}  // namespace hpogrid::launchers
