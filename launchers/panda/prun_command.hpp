#pragma once

#include "engine/config/project.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// One task as prun submits it.
struct PandaTask {
    config::GridConfig grid;
    std::string out_dataset;
    unsigned jobs{1};
    unsigned first_number{1};                 ///< of the first job; > 1 only where each job is a task
    std::filesystem::path submission_file;    ///< where prun is to say what it submitted; absolute
    std::vector<std::string> passed_through;  ///< further options, as they are
};

/// A dataset is not split between jobs, each of which needs all of it: every job becomes a task of its own.
[[nodiscard]] std::vector<PandaTask> split_by_input(const PandaTask& task);

/// The command line, for the folder of the job package. Options of `grid.extra` replace ours; null removes one, true
/// stands for an option without value, a list for a repeated one. Throws InputError for names that are no options.
[[nodiscard]] std::vector<std::string> prun_command(const PandaTask& task);

}  // namespace hpogrid::launchers
