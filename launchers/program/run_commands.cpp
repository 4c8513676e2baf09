#include "launchers/program/run_commands.hpp"

#include "engine/console/option_values.hpp"
#include "launchers/program/backend.hpp"
#include "launchers/program/site_command.hpp"
#include "launchers/projects/project_store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

namespace hpogrid::launchers {
namespace {

constexpr auto submission =
    "Submit a project to the grid or a cluster; what follows -- goes to prun or sbatch as it is";

Action submitting(const Workspace& workspace, const std::shared_ptr<RunOptions>& options) {
    return [workspace, options] { return find_backend(options->backend).run(workspace, *options); };
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
        ->check(console::whole_number(1, 100'000));
    app.add_option("-p,--search_points", run_options->search_points, "JSON list of configurations to evaluate first")
        ->type_name("FILE");
    tree.hands_through(app, run_options->engine_options);
}

void add_run_options(CommandTree& tree, CLI::App& app, const std::shared_ptr<RunOptions>& options,
                     const Workspace& workspace) {
    add_project(tree, app, options->local.project, workspace);
    constexpr std::uint64_t most_jobs = 10'000;
    constexpr std::uint64_t most_seconds = 31'536'000;
    app.add_option("-n,--n_jobs", options->jobs, "Number of jobs, each with a seed of its own [default 1]")
        ->type_name("N")
        ->check(console::whole_number(1, most_jobs));
    app.add_option("--nodes", options->nodes, "Nodes of each job, which work on one study; Slurm only [default 1]")
        ->type_name("N")
        ->check(console::whole_number(1, most_jobs));
    tree.complete(app.add_option("-s,--site", options->sites,
                                 "Sites instead of those of the grid configuration; partitions of Slurm")
                      ->type_name("SITE"),
                  known_sites);
    app.add_option("-t,--time", options->wall_time,
                   "Wall time of a job in seconds: it stops in time to save its results [default that of the queue]")
        ->type_name("S")
        ->check(console::whole_number(1, most_seconds));
    app.add_option("-p,--search_points", options->local.search_points, "JSON list of configurations to evaluate first")
        ->type_name("FILE");
    app.add_option("--seed", options->seed, "Seed of the first job; each further one has the next")
        ->type_name("N")
        ->check(console::whole_number(0, std::uint64_t{1} << 52U));
    tree.complete(app.add_option("--backend", options->backend,
                                 fmt::format("Where it runs: {} [default panda]", fmt::join(backend_names(), ", ")))
                      ->type_name("NAME")
                      ->check(console::one_of(backend_names())),
                  &backend_names);
    app.add_flag("--dry-run", options->dry_run, "Show the job script and the command; submit nothing");
    tree.hands_through(app, options->passed_through);
}

void add_run(CommandTree& tree, const Workspace& workspace, const std::string& name) {
    const auto options = std::make_shared<RunOptions>();
    CLI::App& app = tree.add_command(tree.root(), name, submission, submission_examples("hpogrid " + name),
                                     submitting(workspace, options));
    add_run_options(tree, app, options, workspace);
}

}  // namespace

std::string submission_examples(const std::string& command) {
    return fmt::format(
        "  {0} my_project --n_jobs 3\n  {0} my_project --site ANALY_MANC_GPU --dry-run\n"
        "  {0} my_project -- --nCore 8 --memory 4000\n"
        "  {0} my_project --backend slurm --time 14400 -- --gpus-per-node 4 --cpus-per-task 16\n",
        command);
}

void add_run_commands(CommandTree& tree, const Workspace& workspace) {
    add_run(tree, workspace, "run");
    add_run(tree, workspace, "submit");
    add_local_run(tree, workspace);
}

void become_run_command(CommandTree& tree, const Workspace& workspace) {
    const auto options = std::make_shared<RunOptions>();
    tree.act(submitting(workspace, options));
    add_run_options(tree, tree.root(), options, workspace);
}

}  // namespace hpogrid::launchers
