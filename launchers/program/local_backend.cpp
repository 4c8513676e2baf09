#include "launchers/program/local_backend.hpp"

#include "engine/core/error.hpp"
#include "launchers/jobs/job_package.hpp"

#include <fmt/format.h>

namespace hpogrid::launchers {

int run_here(const Workspace& workspace, const RunOptions& options) {
    LocalRun local = options.local;
    if (options.jobs != 1 || options.nodes != 1 || !options.sites.empty()) {
        throw InputError{"--n_jobs, --nodes and --site have no meaning for --backend local, allowed: without them"};
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

}  // namespace hpogrid::launchers
