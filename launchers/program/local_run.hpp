#pragma once

#include "launchers/core/workspace.hpp"

#include <string>
#include <vector>

namespace hpogrid::launchers {

/// A study on this machine.
struct LocalRun {
    std::string project;
    std::string ranks{"auto"};  ///< a number, or as many as the machine is good for
    std::string output;         ///< "" = runs/<project>/<time>/results.h5 of the workspace
    bool resume{false};         ///< the last run of the project, or `output`
    std::string search_points;
    std::vector<std::string> engine_options;
};

/// Becomes jobs/run-engine, whose exit status is the engine's. Throws InputError, OutputError.
[[noreturn]] void run_locally(const Workspace& workspace, const LocalRun& run);

}  // namespace hpogrid::launchers
