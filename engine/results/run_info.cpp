#include "engine/results/run_info.hpp"

#include <utility>

namespace hpogrid::results {

RunInfo make_run_info(const config::Project& project, std::uint64_t seed, std::string engine_version, double started) {
    return {.project_name = project.name,
            .engine_version = std::move(engine_version),
            .metric = project.hpo.metric,
            .mode = project.hpo.mode,
            .extra_metrics = project.hpo.extra_metrics,
            .algorithm = project.hpo.algorithm,
            .scheduler = project.hpo.scheduler,
            .seed = seed,
            .num_trials = project.hpo.num_trials,
            // Text in a wrong encoding must not stop the results from being written.
            .config = project.source.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
            .parameters = project.search_space,
            .started = started};
}

}  // namespace hpogrid::results
