// hpogrid-submit PROJECT: hpogrid run PROJECT.

#include "launchers/program/run_commands.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <vector>

namespace {

int run(int argument_count, char** arguments) {
    using namespace hpogrid::launchers;
    CommandTree tree{"hpogrid", "Submits a project to the grid."};
    add_run_commands(tree, workspace_from_environment());
    std::vector<const char*> words{arguments, arguments + argument_count};
    words.insert(words.begin() + 1, "run");
    return tree.run(static_cast<int>(words.size()), words.data());
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
