#pragma once

#include "engine/config/project.hpp"
#include "launchers/jobs/job_package.hpp"
#include "launchers/program/run_options.hpp"

#include <filesystem>

namespace hpogrid::launchers {

/// What the command line and the project say about the jobs. Without a seed there they get one by chance.
[[nodiscard]] JobSettings job_settings(const config::Project& project, const RunOptions& options);

/// Prints what a dry run shows first: where the package is, and the job script in it.
void show_package(const std::filesystem::path& package, const std::filesystem::path& script);

/// Prints how many jobs there are, their seeds, and where all of it is recorded.
void tell_of_jobs(const JobSettings& settings, const std::filesystem::path& folder);

}  // namespace hpogrid::launchers
