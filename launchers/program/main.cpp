// hpogrid: configurations, projects, runs and results on the command line.

#include "launchers/program/configuration_commands.hpp"
#include "launchers/program/explain_command.hpp"
#include "launchers/program/generate_command.hpp"
#include "launchers/program/project_commands.hpp"
#include "launchers/program/report_command.hpp"
#include "launchers/program/run_commands.hpp"
#include "launchers/program/site_command.hpp"
#include "launchers/program/task_commands.hpp"
#include "launchers/program/watch_command.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace {

constexpr auto description =
    "Hyperparameter optimisation on the grid, on clusters and here.\n"
    "\n"
    "Configurations and projects lie below $HPOGRID_BASE_PATH, by default in the current folder.\n";

constexpr auto examples =
    "  hpogrid hpo_config create my_search --algorithm auto --metric loss --mode min\n"
    "  hpogrid local_run my_project\n"
    "  hpogrid run my_project --n_jobs 3\n"
    "  hpogrid report my_project --to_html\n";

int run(int argument_count, const char* const* arguments) {
    using namespace hpogrid::launchers;
    const Workspace workspace = workspace_from_environment();
    CommandTree tree{"hpogrid", description, examples};
    add_configuration_commands(tree, workspace);
    add_project_commands(tree, workspace);
    add_run_commands(tree, workspace);
    add_task_commands(tree);
    add_explain_command(tree);
    add_site_command(tree);
    add_watch_command(tree, workspace);
    add_generate_command(tree, workspace);
    add_report_command(tree, workspace);
    return tree.run(argument_count, arguments);
}

}  // namespace

int main(int argument_count, char** arguments) {
    try {
        return run(argument_count, arguments);
    } catch (const std::exception& error) {
        fmt::print(stderr, "hpogrid: {}\n", error.what());
        return 1;
    }
}
