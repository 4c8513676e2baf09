#pragma once

#include "engine/config/project.hpp"
#include "engine/space/parameter.hpp"
#include "engine/study/study.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hpogrid::results {

/// What results say of a study beyond its trials. Does not change while it runs.
struct RunInfo {
    std::string project_name;
    std::string engine_version;
    std::string metric;
    study::Mode mode{study::Mode::maximize};
    std::vector<std::string> extra_metrics;
    std::string algorithm;
    std::string scheduler;
    std::uint64_t seed{0};
    std::uint64_t num_trials{0};  ///< planned by the run that wrote last
    std::string config;           ///< the whole project JSON as text
    std::vector<space::Parameter> parameters;
    double started{0.0};  ///< first start of the study, seconds since the epoch, UTC
};

[[nodiscard]] RunInfo make_run_info(const config::Project& project, std::uint64_t seed, std::string engine_version,
                                    double started);

}  // namespace hpogrid::results
