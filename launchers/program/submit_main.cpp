// hpogrid-submit PROJECT: hpogrid run PROJECT.

#include "launchers/program/run_commands.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace {

int run(int argument_count, const char* const* arguments) {
    using namespace hpogrid::launchers;
    CommandTree tree{"hpogrid-submit", "Submits a project to the grid or a cluster, as hpogrid run does.",
                     submission_examples("hpogrid-submit")};
    become_run_command(tree, workspace_from_environment());
    return tree.run(argument_count, arguments);
}

}  // namespace

int main(int argument_count, char** arguments) {
    try {
        return run(argument_count, arguments);
    } catch (const std::exception& error) {
        fmt::print(stderr, "hpogrid-submit: {}\n", error.what());
        return 1;
    }
}
