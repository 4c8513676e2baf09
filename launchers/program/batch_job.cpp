#include "launchers/program/batch_job.hpp"

#include "engine/config/printable.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <random>
#include <string>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

std::uint64_t random_seed() {
    std::random_device device;
    // Room for the jobs' numbers below 2^53, which survive every JSON reader.
    return device();
}

}  // namespace

JobSettings job_settings(const config::Project& project, const RunOptions& options) {
    return {.jobs = options.jobs,
            .seed = options.seed.value_or(project.hpo.seed.value_or(random_seed())),
            .wall_time = options.wall_time,
            .engine_options = {},
            .search_points = options.local.search_points};
}

void show_package(const fs::path& package, const fs::path& script) {
    std::ifstream stream{package / script};
    fmt::print("# The job package is {}; its job script:\n{}", config::printable_path(package),
               std::string{std::istreambuf_iterator<char>{stream}, {}});
}

void tell_of_jobs(const JobSettings& settings, const fs::path& folder) {
    fmt::print("{} job{} with the seeds {} to {}; {} tells all about the submission\n", settings.jobs,
               settings.jobs == 1 ? "" : "s", settings.seed, settings.seed + settings.jobs - 1,
               config::printable_path(folder / "submission.json"));
}

}  // namespace hpogrid::launchers
